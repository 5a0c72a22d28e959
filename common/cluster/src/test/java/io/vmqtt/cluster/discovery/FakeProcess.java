package io.vmqtt.cluster.discovery;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** As much of a process as Consul sees: something that answers on {@code /health}, or does not. */
final class FakeProcess implements AutoCloseable {
  private final Node node;
  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean hangs;

  FakeProcess(String id, Role role) {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.setExecutor(threads);
    http.createContext(
        "/health",
        exchange -> {
          try (exchange) {
            if (hangs) {
              closed.await();
            }
            exchange.sendResponseHeaders(200, -1);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    http.start();
    node =
        new Node(
            id,
            role,
            "127.0.0.1",
            19_090,
            http.getAddress().getPort(),
            "0.1.0",
            Map.of("mqtt-port", "1883", "started-at", "2026-01-01T00:00:00Z"));
  }

  Node node() {
    return node;
  }

  /** From now on it accepts connections, but does not answer. */
  void hang() {
    hangs = true;
  }

  /** Gone without a word, like a killed process. */
  @Override
  public void close() {
    closed.countDown();
    http.stop(0);
    threads.shutdownNow();
  }
}
