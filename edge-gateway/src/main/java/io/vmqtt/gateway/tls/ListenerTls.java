package io.vmqtt.gateway.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import io.vmqtt.cluster.tls.LiveCertificates;
import io.vmqtt.cluster.tls.PemFiles;
import io.vmqtt.gateway.config.TlsConfig;
import java.io.IOException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of one listener. When its files change, connections that come from then on get what is in
 * them; those that are there have all they need.
 */
final class ListenerTls {
  /**
   * A session of TLS can be taken up again so long at the most, and never with a certificate that
   * has expired: the keys of its tickets, and what is remembered of it, are those of a context, and
   * go with it. BoringSSL has no other bound for TLS 1.3 that could be set: its own are days.
   */
  static final Duration SESSIONS_LAST = Duration.ofHours(1);

  private final String listener;
  private final TlsConfig config;
  private final String applicationProtocol;
  private final SslContexts contexts;
  private final InstantSource clock;
  private final LiveCertificates<Made> certificates;
  private final ExpiryGauges gauges;

  private record Made(SslContext context, Instant notAfter) {}

  /**
   * Reads the files.
   *
   * @throws IOException if they are not there, or do not go together; the message names one
   */
  ListenerTls(
      String listener,
      TlsConfig config,
      String applicationProtocol,
      SslContexts contexts,
      InstantSource clock,
      ExpiryGauges gauges)
      throws IOException {
    this.listener = listener;
    this.config = config;
    this.applicationProtocol = applicationProtocol;
    this.contexts = contexts;
    this.clock = clock;
    this.certificates =
        new LiveCertificates<>(
            "listener " + listener,
            config.files(),
            this::make,
            Made::notAfter,
            made -> ReferenceCountUtil.release(made.context()),
            clock,
            SESSIONS_LAST);
    this.gauges = gauges;
    gauges.add(listener, certificates);
  }

  /**
   * Nobody new comes. Those who are on the way get what there is: its files may be gone, and that
   * is no fault.
   */
  void retire() {
    certificates.retire();
    forget();
  }

  /** Is not measured any more. */
  void forget() {
    gauges.remove(listener, certificates);
  }

  private Made make(PemFiles files) throws IOException {
    ServerCredentials credentials = ServerCredentials.of(config, files);
    return new Made(
        contexts.context(credentials, config.clientCertificates(), applicationProtocol),
        credentials.notAfter());
  }

  /** For one connection. By any thread. */
  SSLEngine newEngine(ByteBufAllocator allocator) {
    return certificates.current().context().newEngine(allocator);
  }

  /** What a client has shown; null: nothing, or it was not asked. */
  @Nullable X509Certificate certificate(SSLEngine engine) {
    Certificate[] shown = shown(engine);
    return shown.length > 0 && shown[0] instanceof X509Certificate own ? own : null;
  }

  /**
   * Whether one of the certificates of a client is no longer good by now. Nobody else looks at
   * those of a session that is taken up again.
   */
  boolean isShownTooLate(SSLEngine engine) {
    Instant now = clock.instant();
    return Stream.of(shown(engine))
        .anyMatch(
            one ->
                one instanceof X509Certificate certificate
                    && certificate.getNotAfter().toInstant().isBefore(now));
  }

  private Certificate[] shown(SSLEngine engine) {
    try {
      return config.clientCa() == null
          ? new Certificate[0]
          : engine.getSession().getPeerCertificates();
    } catch (SSLPeerUnverifiedException e) {
      return new Certificate[0]; // it has shown none
    }
  }

  /** What is to be looked at, and let go in the end. */
  LiveCertificates<?> certificates() {
    return certificates;
  }
}
