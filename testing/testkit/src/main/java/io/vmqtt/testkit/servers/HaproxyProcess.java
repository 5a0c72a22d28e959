package io.vmqtt.testkit.servers;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.vmqtt.testkit.machine.Command;
import io.vmqtt.testkit.net.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * An HAProxy of its own.
 *
 * <p>Where there is no {@code haproxy} on the path, the calling test is skipped.
 */
public final class HaproxyProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String DEFAULTS =
      """
      defaults
        mode tcp
        timeout connect 5s
        timeout client 60s
        timeout server 60s
      """;

  private final Process process;

  private HaproxyProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts one and waits until it listens.
   *
   * @param folder where it has its files
   * @param rest its configuration, without the section of defaults
   * @param front where it listens, among others
   */
  public static HaproxyProcess start(Path folder, String rest, Address front) {
    try {
      Command.run("haproxy", "-v");
    } catch (Command.FailedException _) {
      abort("no haproxy here: Debian's package is haproxy");
    }
    try {
      Path config = Files.writeString(folder.resolve("haproxy.cfg"), DEFAULTS + rest);
      Process started =
          new ProcessBuilder("haproxy", "-db", "-f", config.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("haproxy.log").toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
      await("HAProxy listens")
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(
              () -> {
                new Socket(front.host(), front.port()).close();
                return started.isAlive();
              });
      return new HaproxyProcess(started);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start HAProxy", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    await("HAProxy has ended").atMost(PATIENCE).until(() -> !process.isAlive());
  }
}
