package io.vmqtt.gateway.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.vmqtt.cluster.tls.Certified;
import io.vmqtt.cluster.tls.JdkTls;
import io.vmqtt.gateway.config.TlsConfig.ClientCertificates;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who does the work of TLS: BoringSSL where its native part loads, else the JDK. */
final class TlsProvider implements SslContexts {
  private static final Logger log = LoggerFactory.getLogger(TlsProvider.class);
  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};
  private static final int SESSIONS = 20_000;

  private final SslProvider provider;

  TlsProvider(SslProvider provider) {
    this.provider = provider;
  }

  /** The best there is; the log says which. */
  static TlsProvider best() {
    boolean wantsJdk = System.getProperty("vmqtt.tls", "").equals("jdk");
    if (!wantsJdk && OpenSsl.isAvailable()) {
      log.info("TLS is that of BoringSSL");
      return new TlsProvider(SslProvider.OPENSSL_REFCNT);
    }
    log.info(
        "TLS is that of the JDK: {}",
        wantsJdk ? "as asked for" : "BoringSSL cannot be loaded: " + OpenSsl.unavailabilityCause());
    JdkTls.refuseRenegotiation();
    return new TlsProvider(SslProvider.JDK);
  }

  /** A context; clients need not ask for the application protocol. */
  @Override
  public SslContext context(
      ServerCredentials credentials, ClientCertificates asked, String applicationProtocol)
      throws SSLException {
    return builder(credentials.all())
        .sslProvider(provider)
        .protocols(VERSIONS)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                applicationProtocol))
        .trustManager(credentials.clients())
        .clientAuth(clientAuth(asked))
        .sessionCacheSize(SESSIONS)
        .sessionTimeout(ListenerTls.SESSIONS_LAST.toSeconds())
        .build();
  }

  static ClientAuth clientAuth(ClientCertificates asked) {
    return switch (asked) {
      case NONE -> ClientAuth.NONE;
      case OPTIONAL -> ClientAuth.OPTIONAL;
      case REQUIRED -> ClientAuth.REQUIRE;
    };
  }

  private static SslContextBuilder builder(List<Certified> all) {
    Certified first = all.getFirst();
    return all.size() == 1
        ? SslContextBuilder.forServer(first.key(), first.chain().toArray(X509Certificate[]::new))
        : SslContextBuilder.forServer(new CertificateByName(all));
  }
}
