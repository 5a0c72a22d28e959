package io.vmqtt.gateway.access.sql;

import static io.vmqtt.gateway.access.AskedClient.client;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.servers.MariaDbProcess;
import io.vmqtt.testkit.servers.PostgresProcess;
import io.vmqtt.testkit.tls.TestAuthority;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real databases that speak TLS, asked as the documentation says. */
class DatabaseTlsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final TestAuthority OURS = new TestAuthority("ours");
  private static final TestAuthority THEIRS = new TestAuthority("theirs");
  private static final String PASSWORD = "changeit";
  private static final String STAPLE =
      "$pbkdf2-sha256$3$AAECAwQFBgcICQoL$aa6FIXq+W4F2OKlYzRdS61DCmcL7EPejq7NOH5tJJqA";

  @TempDir private Path folder;

  private static TestAuthority.Signed ofAnotherHost() {
    return OURS.sign("database", "elsewhere.example", Instant.now().plusSeconds(3600));
  }

  private static boolean knowsAnna(String url, String query, String user, String password)
      throws Exception {
    try (SqlStore store = new SqlStore(url, user, UserQuery.read(query), null, TIMEOUT, 1)) {
      store.password(password);
      return store.find(client("anna", "")).isPresent();
    }
  }

  private boolean postgresKnowsAnna(PostgresProcess postgres, TestAuthority believed)
      throws Exception {
    return knowsAnna(
        postgres.url()
            + "?sslmode=verify-full&sslrootcert="
            + believed.certificateTo(folder.resolve("ca.pem")),
        "SELECT '"
            + STAPLE
            + "' WHERE 'anna' = :user_name AND"
            + " (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid())",
        PostgresProcess.USER,
        PostgresProcess.PASSWORD);
  }

  @Test
  void postgres_verifyFull_believesTheAuthorityThatItWasToldAndItsOwnHostAlone() throws Exception {
    try (PostgresProcess postgres = PostgresProcess.start(OURS.sign("database"))) {
      assertTrue(postgresKnowsAnna(postgres, OURS));
      assertThrows(SQLException.class, () -> postgresKnowsAnna(postgres, THEIRS));
    }
    try (PostgresProcess postgres = PostgresProcess.start(ofAnotherHost())) {
      assertThrows(SQLException.class, () -> postgresKnowsAnna(postgres, OURS));
    }
  }

  /** A store of keys, as the JDK reads it, with an authority. */
  private Path storeOf(TestAuthority authority) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var pem = Files.newInputStream(authority.certificateTo(folder.resolve("ca.pem")))) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    Path file = folder.resolve("ca.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
    return file;
  }

  private boolean mariaDbKnowsAnna(MariaDbProcess mariaDb, TestAuthority believed)
      throws Exception {
    return knowsAnna(
        mariaDb.url()
            + "?sslMode=VERIFY_IDENTITY&trustCertificateKeyStoreType=PKCS12"
            + "&trustCertificateKeyStorePassword="
            + PASSWORD
            + "&trustCertificateKeyStoreUrl=file:"
            + storeOf(believed),
        "SELECT '"
            + STAPLE
            + "' FROM information_schema.session_status"
            + " WHERE 'anna' = :user_name AND variable_name = 'Ssl_version'"
            + " AND variable_value LIKE 'TLS%'",
        MariaDbProcess.USER,
        MariaDbProcess.PASSWORD);
  }

  @Test
  void mariaDb_verifyIdentity_believesTheAuthorityThatItWasToldAndItsOwnHostAlone()
      throws Exception {
    try (MariaDbProcess mariaDb = MariaDbProcess.start(OURS.sign("database"))) {
      assertTrue(mariaDbKnowsAnna(mariaDb, OURS));
      assertThrows(SQLException.class, () -> mariaDbKnowsAnna(mariaDb, THEIRS));
    }
    try (MariaDbProcess mariaDb = MariaDbProcess.start(ofAnotherHost())) {
      assertThrows(SQLException.class, () -> mariaDbKnowsAnna(mariaDb, OURS));
    }
  }
}
