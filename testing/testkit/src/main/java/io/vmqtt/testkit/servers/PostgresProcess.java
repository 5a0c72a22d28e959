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
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL of its own, with nothing in it, that keeps its data in a new folder. It refuses to
 * be run by root, so that for root the user does it whom Debian's package makes.
 *
 * <p>Where there is none in {@code /usr/lib/postgresql}, the calling test is skipped.
 */
public final class PostgresProcess implements AutoCloseable {
  /** Who may do everything there. */
  public static final String USER = "admin";

  public static final String PASSWORD = "admin's";

  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
  private static final String OWNER = "postgres";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path programs;
  private final Path folder;
  private final Address address = Address.local(FreePorts.next());
  private Process process;

  private PostgresProcess(Path programs) throws IOException {
    this.programs = programs;
    this.folder = Files.createTempDirectory("vmqtt-postgres-");
    Path password = Files.writeString(folder.resolve("password"), PASSWORD);
    if (isRoot()) {
      Command.run("chown", "-R", OWNER, folder.toString());
    }
    Command.run(
        command(
                "initdb",
                "--pgdata=" + data(),
                "--username=" + USER,
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync")
            .toArray(String[]::new));
    this.process = launch();
  }

  /** Starts one and waits until it serves, or skips the calling test where there is none. */
  public static PostgresProcess start() {
    try (Stream<Path> versions =
        Files.isDirectory(VERSIONS) ? Files.list(VERSIONS) : Stream.empty()) {
      return new PostgresProcess(
          versions
              .map(version -> version.resolve("bin"))
              .filter(programs -> Files.isExecutable(programs.resolve("initdb")))
              .max(Comparator.naturalOrder())
              .orElseGet(() -> abort("no PostgreSQL here: Debian's package is postgresql")));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start PostgreSQL", e);
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private Path data() {
    return folder.resolve("data");
  }

  /** One of its programs, in place of whoever calls it. */
  private List<String> command(String program, String... arguments) {
    List<String> words = new ArrayList<>();
    if (isRoot()) {
      words.addAll(
          List.of("setpriv", "--reuid=" + OWNER, "--regid=" + OWNER, "--clear-groups", "--"));
    }
    words.add(programs.resolve(program).toString());
    words.addAll(List.of(arguments));
    return words;
  }

  private Process launch() throws IOException {
    Process launched =
        new ProcessBuilder(
                command(
                    "postgres",
                    "-D",
                    data().toString(),
                    "-p",
                    Integer.toString(address.port()),
                    "-c",
                    "listen_addresses=" + address.host(),
                    "-c",
                    "unix_socket_directories=",
                    "-c",
                    "fsync=off"))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(launched::destroyForcibly));
    await("PostgreSQL serves")
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
      Command.run(
          programs.resolve("pg_isready").toString(),
          "--host=" + address.host(),
          "--port=" + address.port());
      return true;
    } catch (Command.FailedException _) {
      return false;
    }
  }

  /** As JDBC has it. */
  public String url() {
    return "jdbc:postgresql://" + address + "/postgres";
  }

  /** Has it run some SQL, as who may do everything. */
  public void run(String sql) {
    Command.run(
        programs.resolve("psql").toString(),
        "postgresql://" + USER + ':' + PASSWORD.replace("'", "%27") + '@' + address + "/postgres",
        "--set=ON_ERROR_STOP=1",
        "--command=" + sql);
  }

  /** Ends it; clients lose their connections. */
  public void stop() {
    Command.run("kill", "-INT", Long.toString(process.pid()));
    await("PostgreSQL has ended").atMost(PATIENCE).until(() -> !process.isAlive());
  }

  /** Starts it again with its data. */
  public void startAgain() {
    try {
      process = launch();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start PostgreSQL again", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    await("PostgreSQL has ended").atMost(PATIENCE).until(() -> !process.isAlive());
    Command.run("rm", "-rf", folder.toString());
  }
}
