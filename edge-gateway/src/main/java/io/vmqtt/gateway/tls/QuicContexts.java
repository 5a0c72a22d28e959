package io.vmqtt.gateway.tls;

import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.SslContext;
import io.vmqtt.cluster.tls.Certified;
import io.vmqtt.gateway.config.TlsConfig.ClientCertificates;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** TLS as QUIC has it: 1.3, by its own library, and never without the application protocol. */
final class QuicContexts implements SslContexts {

  @Override
  public SslContext context(
      ServerCredentials credentials, ClientCertificates asked, String applicationProtocol) {
    List<Certified> all = credentials.all();
    List<QuicSslContext> each =
        all.stream()
            .map(one -> builder(List.of(one), credentials, asked, applicationProtocol).build())
            .toList();
    return all.size() == 1
        ? each.getFirst()
        : builder(all, credentials, asked, applicationProtocol)
            .sni(name -> each.get(index(name, all)))
            .build();
  }

  /** Which is for that name; the first, where none is. */
  private static int index(@Nullable String name, List<Certified> all) {
    String lower = name == null ? "" : name.toLowerCase(Locale.ROOT);
    return IntStream.range(0, all.size())
        .filter(i -> CertificateByName.isFor(lower, all.get(i).leaf()))
        .findFirst()
        .orElse(0);
  }

  private static QuicSslContextBuilder builder(
      List<Certified> shown,
      ServerCredentials credentials,
      ClientCertificates asked,
      String applicationProtocol) {
    return QuicSslContextBuilder.forServer(new CertificateByName(shown), null)
        .applicationProtocols(applicationProtocol)
        .trustManager(credentials.clients())
        .clientAuth(TlsProvider.clientAuth(asked));
  }
}
