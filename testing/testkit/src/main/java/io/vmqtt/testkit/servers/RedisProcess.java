package io.vmqtt.testkit.servers;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.vmqtt.testkit.machine.Command;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A Redis of its own that keeps nothing on disk.
 *
 * <p>Where there is no {@code redis-server} on the path, the calling test is skipped.
 */
public final class RedisProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Address address = Address.local(FreePorts.next());
  private final List<String> options;
  private Process process;

  private RedisProcess(List<String> options) throws IOException {
    this.options = options;
    this.process = launch();
  }

  /**
   * Starts one and waits until it serves, or skips the calling test where there is none.
   *
   * @param options as on its command line, such as {@code --requirepass}
   */
  public static RedisProcess start(String... options) {
    try {
      Command.run("redis-server", "--version");
    } catch (Command.FailedException _) {
      abort("no redis-server here: Debian's package is redis-server");
    }
    try {
      return new RedisProcess(List.of(options));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start Redis", e);
    }
  }

  private Process launch() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "redis-server",
                "--bind",
                address.host(),
                "--port",
                Integer.toString(address.port()),
                "--save",
                ""));
    command.addAll(options);
    Process launched =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(launched::destroyForcibly));
    await("Redis serves")
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> !launched.isAlive() || !ask("PING").isEmpty());
    if (!launched.isAlive()) {
      throw new IllegalStateException("Redis ended with " + launched.exitValue());
    }
    return launched;
  }

  /** Where it listens. */
  public Address address() {
    return address;
  }

  /** One line of its answer to a command on one line. */
  public String ask(String command) {
    return ask(List.of(command));
  }

  /** That to the last of some commands, each on one line. */
  public String ask(List<String> commands) {
    try (Socket socket = new Socket(address.host(), address.port())) {
      String answer = "";
      for (String command : commands) {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
        answer = line(socket);
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot ask Redis", e);
    }
  }

  private static String line(Socket socket) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = socket.getInputStream().read();
        c >= 0 && c != '\n';
        c = socket.getInputStream().read()) {
      line.append((char) c);
    }
    return line.toString().strip();
  }

  /** Ends it without warning; it forgets everything. */
  public void kill() {
    process.destroyForcibly();
    await("Redis has ended").atMost(PATIENCE).until(() -> !process.isAlive());
  }

  /** Starts it again, at the same place. */
  public void startAgain() {
    try {
      process = launch();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start Redis again", e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
