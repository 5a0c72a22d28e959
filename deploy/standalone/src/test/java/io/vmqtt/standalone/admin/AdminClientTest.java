package io.vmqtt.standalone.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads, from real HTTP into real files. */
class AdminClientTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String CONTENT = "whole";

  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server;
  private AdminClient client;
  private Path file;

  @TempDir private Path folder;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/v1/",
        exchange -> {
          asked.incrementAndGet();
          String path = exchange.getRequestURI().getPath();
          byte[] content = CONTENT.getBytes(StandardCharsets.UTF_8);
          int more = path.endsWith("/cut") ? 1 : 0;
          exchange.sendResponseHeaders(path.endsWith("/no") ? 409 : 200, content.length + more);
          exchange.getResponseBody().write(content);
          exchange.close();
        });
    server.start();
    Path password = Files.writeString(folder.resolve("password"), "correct horse\n");
    client =
        new AdminClient(
            new Target(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                "anna",
                password,
                null));
    file = folder.resolve("file");
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  @Test
  void download_whole_isInTheFile() throws Exception {
    assertEquals(CONTENT.length(), client.download("/yes", file, PATIENCE));
    assertEquals(CONTENT, Files.readString(file));
  }

  @Test
  void download_refusedOrCut_leavesNothing() {
    assertThrows(Refusal.class, () -> client.download("/no", file, PATIENCE));
    assertTrue(Files.notExists(file));
    assertThrows(IOException.class, () -> client.download("/cut", file, PATIENCE));
    assertTrue(Files.notExists(file));
  }

  @Test
  void download_toWhereNoFileCanBe_asksNobody() throws Exception {
    Path there = Files.writeString(file, "mine");
    Path nowhere = folder.resolve("none").resolve("file");

    assertThrows(IllegalArgumentException.class, () -> client.download("/yes", there, PATIENCE));
    assertThrows(IllegalArgumentException.class, () -> client.download("/yes", nowhere, PATIENCE));

    assertEquals("mine", Files.readString(there));
    assertEquals(0, asked.get());
  }
}
