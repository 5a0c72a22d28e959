package io.vmqtt.gateway.tls;

import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.facts.Origin;
import io.vmqtt.cluster.tls.CertificateWatch;
import io.vmqtt.gateway.audit.Change;
import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.gateway.transport.TransportHead;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The TLS of all listeners of a gateway. */
public final class TlsListeners implements AutoCloseable {
  private final TlsProvider provider = TlsProvider.best();
  private final CertificateWatch watch = new CertificateWatch();
  private final Handshakes handshakes;
  private final MeterRegistry registry;
  private final ExpiryGauges gauges;
  private final Duration handshakeTimeout;
  private final Consumer<Change> audit;

  /**
   * None yet. All together may have so many handshakes under way, each for so long.
   *
   * @param audit hears of new certificates
   */
  public TlsListeners(
      int maxHandshakes,
      Duration handshakeTimeout,
      MeterRegistry registry,
      Consumer<Change> audit) {
    this.audit = audit;
    this.handshakes = new Handshakes(maxHandshakes, registry);
    this.handshakeTimeout = handshakeTimeout;
    this.registry = registry;
    this.gauges = new ExpiryGauges(registry);
  }

  /**
   * The head of the channels of one more listener.
   *
   * @param applicationProtocol what clients may ask for (ALPN)
   * @param below what lies between the network and TLS
   * @throws IOException if its files are not there, or do not go together; the message names one
   */
  public TransportHead head(
      String listener, TlsConfig config, String applicationProtocol, TransportHead below)
      throws IOException {
    ListenerTls tls = tls(listener, config, applicationProtocol, provider);
    return new TlsHead(
        below,
        tls,
        handshakes,
        new HandshakeMetrics(registry, listener),
        handshakeTimeout.toMillis(),
        () -> forget(tls));
  }

  /**
   * TLS of one more listener, with QUIC.
   *
   * @param applicationProtocol what clients have to ask for (ALPN)
   * @throws IOException if its files are not there, or do not go together; the message names one
   */
  public QuicTls quic(String listener, TlsConfig config, String applicationProtocol)
      throws IOException {
    ListenerTls tls = tls(listener, config, applicationProtocol, new QuicContexts());
    return new QuicTls(
        tls,
        handshakes,
        new HandshakeMetrics(registry, listener),
        handshakeTimeout.toMillis(),
        () -> forget(tls));
  }

  private ListenerTls tls(
      String listener, TlsConfig config, String applicationProtocol, SslContexts contexts)
      throws IOException {
    ListenerTls tls =
        new ListenerTls(
            listener, config, applicationProtocol, contexts, InstantSource.system(), gauges);
    tls.certificates()
        .whenTakenOver(
            until ->
                audit.accept(
                    Change.of(
                            "certificates",
                            Origin.of(config.certificates().getFirst().certificate()))
                        .with("listener", listener)
                        .with("until", until.toString())));
    watch.add(tls.certificates());
    return tls;
  }

  private void forget(ListenerTls tls) {
    watch.remove(tls.certificates());
    tls.forget();
  }

  /** Until when the certificate of a listener is good; null: it has none. From any thread. */
  public @Nullable Instant notAfter(String listener) {
    return gauges.notAfter(listener);
  }

  /** No more connections come, and none is left. */
  @Override
  public void close() {
    watch.close();
  }
}
