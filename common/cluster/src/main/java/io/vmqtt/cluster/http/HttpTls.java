package io.vmqtt.cluster.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.vmqtt.cluster.identity.PeerTrust;
import io.vmqtt.cluster.identity.Refusals;
import io.vmqtt.cluster.tls.CertificateWatch;
import io.vmqtt.cluster.tls.Certified;
import io.vmqtt.cluster.tls.LiveCertificates;
import io.vmqtt.cluster.tls.PemFiles;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of the HTTP port, by files that it follows: a connection that begins goes by what they have
 * then, one that is there goes on. The JDK does the work: few ask, and seldom. Safe from any
 * thread.
 */
public final class HttpTls implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpTls.class);

  /** Tools that watch may be older than the processes. */
  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

  private final HttpTlsFiles files;
  private final LiveCertificates<Context> live;
  private final CertificateWatch watch = new CertificateWatch();

  private record Context(SslContext tls, Certified own) {
    Instant notAfter() {
      return own.notAfter();
    }
  }

  /**
   * Reads the files.
   *
   * @throws IOException if they are not there, or do not go together; the message names one
   */
  public HttpTls(HttpTlsFiles files, Refusals refusals, InstantSource clock, MeterRegistry registry)
      throws IOException {
    this.files = files;
    this.live =
        new LiveCertificates<>(
            "HTTP",
            files.all(),
            contents -> context(files, contents, refusals),
            Context::notAfter,
            gone -> {},
            clock);
    watch.add(live);
    Gauge.builder("vmqtt.http.certificate.seconds", live, LiveCertificates::secondsLeft)
        .description("seconds until the certificate that HTTP shows expires")
        .register(registry);
    log.info(
        "HTTP speaks TLS, and shows a certificate of {}{}",
        live.current().own().leaf().getSubjectX500Principal().getName(),
        files.isMutual()
            ? "; whoever asks has to show " + files.expected() + ", Consul's agent, too"
            : "");
  }

  /**
   * Looks whether the files can be used, and keeps nothing of them.
   *
   * @throws IOException if not; the message names one
   */
  public static void require(HttpTlsFiles files) throws IOException {
    var _ = context(files, PemFiles.read(files.all()), new Refusals());
  }

  private static Context context(HttpTlsFiles files, PemFiles contents, Refusals refusals)
      throws IOException {
    Certified own = contents.certified(files.certificate(), files.key(), files.keyPassphrase());
    SslContextBuilder builder =
        SslContextBuilder.forServer(own.key(), own.chain().toArray(X509Certificate[]::new))
            .sslProvider(SslProvider.JDK)
            .protocols(VERSIONS);
    if (files.isMutual()) {
      X509TrustManager authorities = contents.trustManager(files.callers());
      builder
          .clientAuth(ClientAuth.REQUIRE)
          .trustManager(PeerTrust.ofCallers(authorities, files.expected(), refusals));
    }
    return new Context(builder.build(), own);
  }

  /** What callers have to show, for people. */
  public String expected() {
    return files.expected();
  }

  /** TLS of a connection that begins. */
  public SslHandler newHandler(ByteBufAllocator allocator) {
    return live.current().tls().newHandler(allocator);
  }

  /** Takes over what has changed in the files, without waiting until it is seen. */
  void look() {
    live.look();
  }

  @Override
  public void close() {
    watch.close();
  }
}
