package io.vmqtt.gateway.listener;

import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.gateway.audit.Change;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.gateway.config.TransportConfig;
import io.vmqtt.gateway.config.WebSocketConfig;
import io.vmqtt.gateway.proxy.ProxyHead;
import io.vmqtt.gateway.quic.QuicHead;
import io.vmqtt.gateway.tls.TlsListeners;
import io.vmqtt.gateway.transport.TransportHead;
import io.vmqtt.gateway.websocket.WebSocketHead;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The heads of listeners, one on the other, and what those of TLS have together. */
final class TransportHeads implements AutoCloseable {
  private final GatewayConfig config;
  private final MeterRegistry registry;
  private final Consumer<Change> audit;

  /** Null while no listener has TLS. */
  private volatile @Nullable TlsListeners tls;

  /**
   * None yet.
   *
   * @param audit hears of new certificates
   */
  TransportHeads(GatewayConfig config, MeterRegistry registry, Consumer<Change> audit) {
    this.config = config;
    this.registry = registry;
    this.audit = audit;
  }

  /**
   * That of one listener.
   *
   * @param doorkeeper whether whoever comes from there may
   * @throws IOException if its files are of no use, or it needs what is not here; the message says
   *     what
   */
  TransportHead head(ListenerConfig listener, Doorkeeper doorkeeper) throws IOException {
    TransportConfig transport = listener.transport();
    TlsConfig files = transport.tls();
    if (files != null && transport.overQuic()) {
      QuicHead.requireLibrary();
      return new QuicHead(
          listener.name(),
          tls().quic(listener.name(), files, "mqtt"),
          doorkeeper,
          doorkeeper::mayStay,
          registry);
    }
    return onTcp(listener, files, doorkeeper);
  }

  private TransportHead onTcp(
      ListenerConfig listener, @Nullable TlsConfig files, Doorkeeper doorkeeper)
      throws IOException {
    TransportHead head = TransportHead.TCP;
    List<String> proxies = listener.transport().proxies();
    if (!proxies.isEmpty()) {
      head = new ProxyHead(listener.name(), proxies, config.connectTimeout(), registry);
    }
    head = new Door(head, doorkeeper);
    WebSocketConfig webSocket = listener.transport().webSocket();
    if (files != null) {
      head = tls().head(listener.name(), files, webSocket == null ? "mqtt" : "http/1.1", head);
    }
    return webSocket == null ? head : new WebSocketHead(head, webSocket, config.connectTimeout());
  }

  private TlsListeners tls() {
    TlsListeners present = tls;
    if (present == null) {
      present = new TlsListeners(config.maxHandshakes(), config.connectTimeout(), registry, audit);
      tls = present;
    }
    return present;
  }

  /** Until when the certificate of a listener is good; null: it has none. From any thread. */
  @Nullable Instant notAfter(String listener) {
    TlsListeners present = tls;
    return present == null ? null : present.notAfter(listener);
  }

  /** No more connections come, and none is left. */
  @Override
  public void close() {
    TlsListeners present = tls;
    if (present != null) {
      present.close();
    }
  }
}
