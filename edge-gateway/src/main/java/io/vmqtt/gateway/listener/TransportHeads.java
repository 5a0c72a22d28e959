package io.vmqtt.gateway.listener;

import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.config.TlsConfig;
import io.vmqtt.gateway.config.WebSocketConfig;
import io.vmqtt.gateway.proxy.ProxyHead;
import io.vmqtt.gateway.tls.TlsListeners;
import io.vmqtt.gateway.transport.TransportHead;
import io.vmqtt.gateway.websocket.WebSocketHead;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The heads of listeners, one on the other, and what those of TLS have together. */
final class TransportHeads implements AutoCloseable {
  private final GatewayConfig config;
  private final MeterRegistry registry;

  /** Null while no listener has TLS. */
  private @Nullable TlsListeners tls;

  TransportHeads(GatewayConfig config, MeterRegistry registry) {
    this.config = config;
    this.registry = registry;
  }

  /**
   * That of one listener.
   *
   * @param mayEnter whether whoever comes from there may
   * @throws IOException if its files are of no use; the message names the file
   */
  TransportHead head(ListenerConfig listener, Predicate<SocketAddress> mayEnter)
      throws IOException {
    TransportHead head = TransportHead.TCP;
    List<String> proxies = listener.transport().proxies();
    if (!proxies.isEmpty()) {
      head = new ProxyHead(listener.name(), proxies, config.connectTimeout(), registry);
    }
    head = new Door(head, mayEnter);
    WebSocketConfig webSocket = listener.transport().webSocket();
    TlsConfig files = listener.transport().tls();
    if (files != null) {
      head = tls(listener.name(), files, webSocket == null ? "mqtt" : "http/1.1", head);
    }
    return webSocket == null ? head : new WebSocketHead(head, webSocket, config.connectTimeout());
  }

  private TransportHead tls(
      String listener, TlsConfig files, String applicationProtocol, TransportHead below)
      throws IOException {
    if (tls == null) {
      tls = new TlsListeners(config.maxHandshakes(), config.connectTimeout(), registry);
    }
    return tls.head(listener, files, applicationProtocol, below);
  }

  /** No more connections come, and none is left. */
  @Override
  public void close() {
    if (tls != null) {
      tls.close();
    }
  }
}
