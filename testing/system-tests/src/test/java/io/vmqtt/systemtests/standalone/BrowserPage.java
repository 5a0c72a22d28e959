package io.vmqtt.systemtests.standalone;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vmqtt.testkit.machine.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** A page with MQTT.js, its server, and a headless Chromium that opens it. */
final class BrowserPage implements AutoCloseable {
  private static final Path PAGE = Path.of("src", "test", "resources", "foreign", "page.html");
  private static final @Nullable String MODULES = System.getenv("VMQTT_NODE_MODULES");
  private static final long PATIENCE_SECONDS = 120;

  private final HttpServer server;
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

  /** A server at any free port, for pages of this machine. */
  BrowserPage() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/page.html", exchange -> answer(exchange, "text/html", Files.readAllBytes(PAGE)));
    server.createContext(
        "/mqtt.js", exchange -> answer(exchange, "text/javascript", Files.readAllBytes(bundle())));
    server.createContext(
        "/said",
        exchange -> {
          said.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          answer(exchange, "text/plain", new byte[0]);
        });
    server.start();
  }

  private static Path bundle() {
    return Path.of(String.valueOf(MODULES), "mqtt", "dist", "mqtt.min.js");
  }

  private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** The page's origin, as a browser says it, where it is asked for at a host. */
  String origin(String host) {
    return "http://" + host + ':' + server.getAddress().getPort();
  }

  /**
   * Opens the page in a browser of its own, and waits for what its MQTT.js has to say, in order.
   * Skips the calling test where there is no browser, or no MQTT.js.
   *
   * @param profile where the browser keeps what it has; empty
   * @param host where the page is asked for: part of its origin
   * @param options of Chromium
   */
  List<String> open(
      Path profile, String host, String url, String versions, String topic, String... options)
      throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        MODULES != null && Files.isRegularFile(bundle()),
        "the variable VMQTT_NODE_MODULES names no folder with mqtt");
    try {
      Command.run("chromium", "--version");
    } catch (Command.FailedException _) {
      Assumptions.abort("no chromium here: Debian's package is chromium");
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--user-data-dir=" + profile));
    command.addAll(List.of(options));
    command.add(
        "%s/page.html?url=%s&versions=%s&topic=%s"
            .formatted(
                origin(host),
                URLEncoder.encode(url, StandardCharsets.UTF_8),
                versions,
                URLEncoder.encode(topic, StandardCharsets.UTF_8)));
    Path log = profile.resolve("log");
    Process browser =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      String lines = said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (lines == null) {
        throw new IllegalStateException("the page says nothing: " + Files.readString(log));
      }
      return lines.lines().sorted().toList();
    } finally {
      end(browser);
    }
  }

  /** With all the processes that it has of its own. */
  private static void end(Process browser) throws InterruptedException {
    List<ProcessHandle> all = browser.descendants().toList();
    Command.awaitEnd(browser.destroyForcibly());
    for (ProcessHandle one : all) {
      one.destroyForcibly();
      one.onExit().join();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
