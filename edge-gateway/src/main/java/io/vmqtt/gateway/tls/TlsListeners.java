package io.vmqtt.gateway.tls;

import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.gateway.transport.TransportHead;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS of all listeners of a gateway. A thread of its own looks at their files every few
 * seconds: reading them takes a disk, and making something of them takes time.
 */
public final class TlsListeners implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TlsListeners.class);
  static final Duration BETWEEN_LOOKS = Duration.ofSeconds(3);

  private final List<ListenerTls> all = new CopyOnWriteArrayList<>();
  private final TlsProvider provider = TlsProvider.best();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("certificates").factory());
  private final Handshakes handshakes;
  private final MeterRegistry registry;
  private final Duration handshakeTimeout;

  /** None yet. All together may have so many handshakes under way, each for so long. */
  public TlsListeners(int maxHandshakes, Duration handshakeTimeout, MeterRegistry registry) {
    this.handshakes = new Handshakes(maxHandshakes, registry);
    this.handshakeTimeout = handshakeTimeout;
    this.registry = registry;
    var _ =
        watch.scheduleWithFixedDelay(
            this::look, BETWEEN_LOOKS.toMillis(), BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
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
    ListenerTls tls =
        new ListenerTls(
            listener, config, applicationProtocol, provider, InstantSource.system(), registry);
    all.add(tls);
    return new TlsHead(
        below,
        tls,
        handshakes,
        new HandshakeMetrics(registry, listener),
        handshakeTimeout.toMillis());
  }

  private void look() {
    for (ListenerTls one : all) {
      try {
        one.look();
      } catch (RuntimeException e) {
        log.error("the certificates of a listener cannot be looked at", e);
      }
    }
  }

  /** No more connections come, and none is left. */
  @Override
  public void close() {
    watch.close();
    all.forEach(ListenerTls::close);
  }
}
