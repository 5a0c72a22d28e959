package io.vmqtt.gateway.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.quic.QuicSslEngine;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a listener of QUIC. QUIC does the handshakes itself; here are the certificates for them,
 * how many there may be, and what came of them. By any thread.
 */
public final class QuicTls {
  private final ListenerTls tls;
  private final Handshakes handshakes;
  private final HandshakeMetrics metrics;
  private final long timeoutMillis;
  private final Runnable letGo;

  QuicTls(
      ListenerTls tls,
      Handshakes handshakes,
      HandshakeMetrics metrics,
      long timeoutMillis,
      Runnable letGo) {
    this.tls = tls;
    this.handshakes = handshakes;
    this.metrics = metrics;
    this.timeoutMillis = timeoutMillis;
    this.letGo = letGo;
  }

  /** For one connection. */
  public QuicSslEngine newEngine(ByteBufAllocator allocator) {
    return (QuicSslEngine) tls.newEngine(allocator);
  }

  /** One more handshake: whether it may be. Only then its end must be told. */
  public boolean mayBegin() {
    return handshakes.mayBegin();
  }

  /** A handshake is over. */
  public void succeeded() {
    handshakes.ended();
    metrics.succeeded();
  }

  /** A handshake came to nothing. */
  public void failed(Throwable cause) {
    handshakes.ended();
    metrics.failed(HandshakeFailure.of(cause));
  }

  /**
   * The handshake came to nothing, for the client has shown, once, what is not good any more: see
   * {@link #isShownTooLate}.
   */
  public void shownTooLate() {
    handshakes.ended();
    metrics.failed(HandshakeFailure.CLIENT_CERTIFICATE);
  }

  /**
   * Whether one of the certificates of a client is no longer good by now. The library does not look
   * at those of a session that is taken up again.
   */
  public boolean isShownTooLate(SSLEngine engine) {
    return tls.isShownTooLate(engine);
  }

  /** What a client has shown; null: nothing, or it was not asked. */
  public @Nullable X509Certificate certificate(SSLEngine engine) {
    return tls.certificate(engine);
  }

  /** Nobody new comes. */
  public void retire() {
    tls.retire();
  }

  /** No handshake needs it any more. */
  public void letGo() {
    letGo.run();
  }

  /** How long a handshake may take. */
  public long timeoutMillis() {
    return timeoutMillis;
  }
}
