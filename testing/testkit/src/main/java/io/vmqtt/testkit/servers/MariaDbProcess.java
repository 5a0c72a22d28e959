package io.vmqtt.testkit.servers;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.vmqtt.testkit.machine.Command;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A MariaDB of its own, with nothing in it, that keeps its data in a new folder. Started by root it
 * acts for the user whom Debian's package makes.
 *
 * <p>Where there is none in {@code /usr/sbin}, the calling test is skipped.
 */
public final class MariaDbProcess implements AutoCloseable {
  /** Who may only read. */
  public static final String USER = "reader";

  public static final String PASSWORD = "reader's";

  private static final Path SERVER = Path.of("/usr/sbin/mariadbd");
  private static final String OWNER = "mysql";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path folder;
  private final Address address = Address.local(FreePorts.next());
  private Process process;

  private MariaDbProcess() throws IOException {
    this.folder = Files.createTempDirectory("vmqtt-mariadb-");
    if (isRoot()) {
      Command.run("chown", OWNER, folder.toString());
    }
    Command.run(
        command(
                "mariadb-install-db",
                "--no-defaults",
                "--datadir=" + data(),
                "--auth-root-authentication-method=normal",
                "--skip-test-db")
            .toArray(String[]::new));
    this.process = launch();
    run(
        "CREATE DATABASE plant CHARACTER SET utf8mb4",
        "CREATE USER " + USER + "@'127.0.0.1' IDENTIFIED BY '" + PASSWORD.replace("'", "''") + "'",
        "GRANT SELECT ON plant.* TO " + USER + "@'127.0.0.1'");
  }

  /** Starts one and waits until it serves, or skips the calling test where there is none. */
  public static MariaDbProcess start() {
    if (!Files.isExecutable(SERVER)) {
      abort("no MariaDB here: Debian's package is mariadb-server");
    }
    try {
      return new MariaDbProcess();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start MariaDB", e);
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private Path data() {
    return folder.resolve("data");
  }

  private Path socket() {
    return folder.resolve("socket");
  }

  /** One of its programs, in place of whoever calls it. */
  private static List<String> command(String... words) {
    List<String> all = new ArrayList<>();
    if (isRoot()) {
      all.addAll(
          List.of("setpriv", "--reuid=" + OWNER, "--regid=" + OWNER, "--clear-groups", "--"));
    }
    all.addAll(List.of(words));
    return all;
  }

  private Process launch() throws IOException {
    Process launched =
        new ProcessBuilder(
                command(
                    SERVER.toString(),
                    "--no-defaults",
                    "--datadir=" + data(),
                    "--bind-address=" + address.host(),
                    "--port=" + address.port(),
                    "--socket=" + socket(),
                    "--innodb-flush-log-at-trx-commit=0"))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(launched::destroyForcibly));
    await("MariaDB serves")
        .atMost(PATIENCE)
        .until(
            () -> {
              if (!launched.isAlive()) {
                throw new IllegalStateException(Files.readString(folder.resolve("log")));
              }
              return isReady();
            });
    return launched;
  }

  private boolean isReady() {
    try {
      Command.run("mariadb-admin", "--no-defaults", "--socket=" + socket(), "ping");
      return true;
    } catch (Command.FailedException _) {
      return false;
    }
  }

  /** Its database, as JDBC has it. */
  public String url() {
    return "jdbc:mysql://" + address + "/plant";
  }

  /** Has it run some SQL, as who may do everything. */
  public void run(String... statements) {
    Command.run(
        "mariadb",
        "--no-defaults",
        "--user=root",
        "--socket=" + socket(),
        "--execute=" + String.join(";", statements));
  }

  /** Ends it; clients lose their connections. */
  public void stop() {
    process.destroy();
    await("MariaDB has ended").atMost(PATIENCE).until(() -> !process.isAlive());
  }

  /** Starts it again with its data. */
  public void startAgain() {
    try {
      process = launch();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start MariaDB again", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    await("MariaDB has ended").atMost(PATIENCE).until(() -> !process.isAlive());
    Command.run("rm", "-rf", folder.toString());
  }
}
