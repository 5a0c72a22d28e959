package io.vmqtt.testkit.servers;

import static org.junit.jupiter.api.Assumptions.abort;

import io.vmqtt.testkit.machine.Command;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of its own, with nothing in it, that keeps its data in a new folder. It refuses to
 * be run by root.
 *
 * <p>Where there is none in {@code /usr/lib/postgresql}, the calling test is skipped.
 */
public final class PostgresProcess extends DatabaseProcess {
  /** Who may do everything there. */
  public static final String USER = "admin";

  public static final String PASSWORD = "admin's";

  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

  private final Path programs;
  private final Path password;
  private final boolean secure;

  private PostgresProcess(Path programs, @Nullable Signed shown) throws IOException {
    super("PostgreSQL", "postgres");
    this.programs = programs;
    this.secure = shown != null;
    if (shown != null) {
      show(shown);
    }
    this.password = Files.writeString(folder().resolve("password"), PASSWORD);
    begin();
  }

  /** Starts one and waits until it serves, or skips the calling test where there is none. */
  public static PostgresProcess start() {
    return start(null);
  }

  /**
   * The same.
   *
   * @param shown the certificate with which it offers TLS; null: it does not
   */
  public static PostgresProcess start(@Nullable Signed shown) {
    try (Stream<Path> versions =
        Files.isDirectory(VERSIONS) ? Files.list(VERSIONS) : Stream.empty()) {
      return new PostgresProcess(
          versions
              .map(version -> version.resolve("bin"))
              .filter(programs -> Files.isExecutable(programs.resolve("initdb")))
              .max(Comparator.naturalOrder())
              .orElseGet(() -> abort("no PostgreSQL here: Debian's package is postgresql")),
          shown);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start PostgreSQL", e);
    }
  }

  private String program(String name) {
    return programs.resolve(name).toString();
  }

  @Override
  List<String> install() {
    return List.of(
        program("initdb"),
        "--pgdata=" + data(),
        "--username=" + USER,
        "--pwfile=" + password,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync");
  }

  @Override
  List<String> server() {
    List<String> words =
        new ArrayList<>(
            List.of(
                program("postgres"),
                "-D",
                data().toString(),
                "-p",
                Integer.toString(address().port()),
                "-c",
                "listen_addresses=" + address().host(),
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off"));
    if (secure) {
      words.addAll(
          List.of(
              "-c",
              "ssl=on",
              "-c",
              "ssl_cert_file=" + certificate(),
              "-c",
              "ssl_key_file=" + key()));
    }
    return words;
  }

  @Override
  List<String> ping() {
    return List.of(
        program("pg_isready"), "--host=" + address().host(), "--port=" + address().port());
  }

  @Override
  List<String> end(long processId) {
    return List.of("kill", "-INT", Long.toString(processId));
  }

  /** As JDBC has it. */
  public String url() {
    return "jdbc:postgresql://" + address() + "/postgres";
  }

  /** Has it run some SQL, as who may do everything. */
  public void run(String sql) {
    Command.run(
        program("psql"),
        "postgresql://" + USER + ':' + PASSWORD.replace("'", "%27") + '@' + address() + "/postgres",
        "--set=ON_ERROR_STOP=1",
        "--command=" + sql);
  }
}
