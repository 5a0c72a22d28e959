package io.vmqtt.testkit.servers;

import static org.junit.jupiter.api.Assumptions.abort;

import io.vmqtt.testkit.machine.Command;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A MariaDB of its own, with nothing in it, that keeps its data in a new folder.
 *
 * <p>Where there is none in {@code /usr/sbin}, the calling test is skipped.
 */
public final class MariaDbProcess extends DatabaseProcess {
  /** Who may only read. */
  public static final String USER = "reader";

  public static final String PASSWORD = "reader's";

  private static final Path SERVER = Path.of("/usr/sbin/mariadbd");

  private final boolean secure;

  private MariaDbProcess(@Nullable Signed shown) throws IOException {
    super("MariaDB", "mysql");
    this.secure = shown != null;
    if (shown != null) {
      show(shown);
    }
    begin();
    run(
        "CREATE DATABASE plant CHARACTER SET utf8mb4",
        "CREATE USER " + USER + "@'127.0.0.1' IDENTIFIED BY '" + PASSWORD.replace("'", "''") + "'",
        "GRANT SELECT ON plant.* TO " + USER + "@'127.0.0.1'");
  }

  /** Starts one and waits until it serves, or skips the calling test where there is none. */
  public static MariaDbProcess start() {
    return start(null);
  }

  /**
   * The same.
   *
   * @param shown the certificate with which it offers TLS; null: it does not
   */
  public static MariaDbProcess start(@Nullable Signed shown) {
    if (!Files.isExecutable(SERVER)) {
      abort("no MariaDB here: Debian's package is mariadb-server");
    }
    try {
      return new MariaDbProcess(shown);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start MariaDB", e);
    }
  }

  private String socket() {
    return "--socket=" + folder().resolve("socket");
  }

  @Override
  List<String> install() {
    return List.of(
        "mariadb-install-db",
        "--no-defaults",
        "--datadir=" + data(),
        "--auth-root-authentication-method=normal",
        "--skip-test-db");
  }

  @Override
  List<String> server() {
    List<String> words =
        new ArrayList<>(
            List.of(
                SERVER.toString(),
                "--no-defaults",
                "--datadir=" + data(),
                "--bind-address=" + address().host(),
                "--port=" + address().port(),
                socket(),
                "--innodb-flush-log-at-trx-commit=0"));
    if (secure) {
      words.addAll(List.of("--ssl-cert=" + certificate(), "--ssl-key=" + key()));
    }
    return words;
  }

  @Override
  List<String> ping() {
    return List.of("mariadb-admin", "--no-defaults", socket(), "ping");
  }

  @Override
  List<String> end(long processId) {
    return List.of("kill", Long.toString(processId));
  }

  /** Its database, as JDBC has it. */
  public String url() {
    return "jdbc:mysql://" + address() + "/plant";
  }

  /** Has it run some SQL, as who may do everything. */
  public void run(String... statements) {
    Command.run(
        "mariadb",
        "--no-defaults",
        "--user=root",
        socket(),
        "--execute=" + String.join(";", statements));
  }
}
