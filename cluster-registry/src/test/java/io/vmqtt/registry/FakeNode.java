package io.vmqtt.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.placement.CarriedMap;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** As much of a process as a registry sees: its health and its status. */
public final class FakeNode implements AutoCloseable {
  private final Node node;
  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean silent;
  private volatile String carriedMap = "null";

  /**
   * @param figures as JSON
   */
  public FakeNode(Role role, String id, Map<String, String> meta, String figures) {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.setExecutor(threads);
    http.createContext("/health", exchange -> answer(exchange, "{}"));
    http.createContext(
        "/node/status",
        exchange -> {
          if (silent) {
            awaitClosed();
          }
          answer(
              exchange,
              """
              {"id":"%s","role":"%s","version":"1.2.3","startedAt":"2026-01-01T00:00:00Z",\
              "figures":%s}\
              """
                  .formatted(id, role.serviceName(), figures));
        });
    http.createContext(
        CarriedMap.PATH,
        exchange ->
            answer(exchange, "{\"store\":\"%s\",\"shardMap\":%s}".formatted(id, carriedMap)));
    http.start();
    node = new Node(id, role, "127.0.0.1", 19_000, http.getAddress().getPort(), "1.2.3", meta);
  }

  public Node node() {
    return node;
  }

  /** The shard map on its disk. */
  public FakeNode carrying(ShardMap map) {
    carriedMap = ShardMapJson.write(map);
    return this;
  }

  /** From now on it stays healthy, but does not tell its status. */
  public void fallSilent() {
    silent = true;
  }

  private void awaitClosed() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    http.stop(0);
    threads.shutdownNow();
  }
}
