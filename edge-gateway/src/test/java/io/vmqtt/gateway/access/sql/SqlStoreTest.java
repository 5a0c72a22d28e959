package io.vmqtt.gateway.access.sql;

import static io.vmqtt.gateway.access.AskedClient.client;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.outside.Outsider;
import io.vmqtt.gateway.access.outside.StrangeAnswerException;
import io.vmqtt.gateway.access.outside.UncountedQuestions;
import io.vmqtt.gateway.access.stored.StoredUsers;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.testkit.servers.PostgresProcess;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a real PostgreSQL. */
class SqlStoreTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String QUERY =
      "SELECT hash, disabled FROM users WHERE name = :user_name -- and that is all";
  private static final String RULES_QUERY =
      "SELECT effect, action, topic FROM rules WHERE name = :user_name ORDER BY position";
  private static final Optional<Authentication> REFUSED =
      Optional.of(new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD));
  private static final Optional<Authentication> UNAVAILABLE =
      Optional.of(new Authentication.Refused(ReasonCode.SERVER_UNAVAILABLE));

  private static final String STAPLE =
      "$pbkdf2-sha256$3$AAECAwQFBgcICQoL$aa6FIXq+W4F2OKlYzRdS61DCmcL7EPejq7NOH5tJJqA";

  private static PostgresProcess postgres;

  private final CredentialChecks checks = new CredentialChecks(1, 100);
  private final Outsider outsider =
      new Outsider("sql", 4, TIMEOUT, new UncountedQuestions(), System::nanoTime);
  private SqlStore store = store(QUERY);

  @BeforeAll
  static void start() throws SQLException {
    postgres = PostgresProcess.start();
    change(
        "CREATE TABLE users (name text, hash text, disabled boolean)",
        "CREATE USER reader PASSWORD 'reader''s'",
        "GRANT SELECT ON users TO reader",
        "CREATE TABLE rules (name text, position int, effect text, action text, topic text)",
        "GRANT SELECT ON rules TO reader",
        "INSERT INTO users VALUES ('own', '" + STAPLE + "', false)",
        "INSERT INTO rules VALUES ('own', 2, 'allow', 'publish, subscribe', 'a/${clientid}/#')",
        "INSERT INTO rules VALUES ('own', 1, 'deny', 'publish', 'a/b')",
        "INSERT INTO users VALUES ('wild', '" + STAPLE + "', false)",
        "INSERT INTO rules VALUES ('wild', 1, 'allow', 'all', '#')",
        "INSERT INTO users VALUES ('many', '" + STAPLE + "', false)",
        "INSERT INTO rules SELECT 'many', n, 'allow', 'publish', 'a' FROM generate_series(1, 101) n",
        "INSERT INTO rules VALUES ('bert', 1, 'allow', 'publish', 'a')",
        "INSERT INTO users VALUES ('anna', '" + STAPLE + "', false)",
        "INSERT INTO users VALUES ('idle', '" + STAPLE + "', true)",
        "INSERT INTO users VALUES ('null', '" + STAPLE + "', null)",
        "INSERT INTO users VALUES ('odd', 'md5', false)",
        "INSERT INTO users VALUES ('none', null, false)",
        "INSERT INTO users VALUES ('two', '" + STAPLE + "', false)",
        "INSERT INTO users VALUES ('two', '" + STAPLE + "', false)");
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  private static void change(String... statements) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                postgres.url(), PostgresProcess.USER, PostgresProcess.PASSWORD);
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  private static SqlStore store(String query) {
    return store(query, RULES_QUERY);
  }

  private static SqlStore store(String query, String rulesQuery) {
    SqlStore store =
        new SqlStore(
            postgres.url(),
            "reader",
            UserQuery.read(query),
            UserQuery.read(rulesQuery),
            TIMEOUT,
            4);
    store.password("reader's");
    return store;
  }

  private void useQuery(String query) {
    store.close();
    store = store(query);
  }

  @AfterEach
  void close() {
    store.close();
    outsider.close();
    checks.close();
  }

  /** Who could have rules, and has none. */
  private static Optional<Authentication> accepted(String user) {
    return Optional.of(
        new Authentication.Accepted(
            client(user, "").identity(Namespace.NAMELESS).with(OwnRules.NONE)));
  }

  @Test
  void judge_userIsThere_comesInWithItsPasswordUnlessItIsDisabled() {
    assertEquals(accepted("anna"), judge("anna", "staple"));
    assertEquals(accepted("null"), judge("null", "staple"));
    assertEquals(REFUSED, judge("anna", "horse"));
    assertEquals(REFUSED, judge("idle", "staple"));
  }

  @Test
  void judge_userWithRules_theyAreThoseOfItsIdentityInTheirOrder() {
    assertEquals(
        Optional.of(
            new Authentication.Accepted(
                client("own", "")
                    .identity(Namespace.NAMELESS)
                    .with(
                        OwnRules.read(
                            """
                            [{"deny": "publish", "topics": "a/b"},
                             {"allow": ["publish", "subscribe"], "topics": "a/${clientid}/#"}]
                            """)))),
        judge("own", "staple"));
    assertEquals(UNAVAILABLE, judge("wild", "staple"));
    assertEquals(UNAVAILABLE, judge("many", "staple"));
  }

  @Test
  void judge_userIsNotThere_isForAnotherMethod() {
    assertEquals(Optional.empty(), judge("bert", "staple"));
    assertEquals(Optional.empty(), judge("", "staple"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "' OR '1'='1",
        "anna'--",
        "anna' UNION SELECT hash, false FROM users--",
        ":user_name",
        "?",
        "%"
      })
  void judge_nameIsMadeToBeSql_isNobody(String user) {
    assertEquals(Optional.empty(), judge(user, "staple"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"odd", "none", "two"})
  void judge_whatIsKeptCannotBeUsed_letsNobodyIn(String user) {
    assertEquals(UNAVAILABLE, judge(user, "staple"));
  }

  @Test
  void find_everyParameter_isWhatIsKnown() throws Exception {
    useQuery(
        "SELECT hash FROM users WHERE name = 'anna' AND :user_name::text = 'a:b' AND :client_id = 'c'"
            + " AND :namespace = 'plant' AND :address = '10.0.0.7' AND :certificate_name IS NULL");
    Credentials client =
        new Credentials(
            Namespace.of("plant"), "c", "a:b", null, new InetSocketAddress("10.0.0.7", 1), null);

    assertEquals(STAPLE, store.find(client).orElseThrow().password().text());
  }

  /** Else a device became whom it likes by its own good password. */
  @Test
  void judge_userIsNotFoundByItsName_comesInWithoutOne() {
    useQuery("SELECT hash FROM users WHERE name = 'anna' AND :client_id = 'c'");

    assertEquals(
        Optional.of(
            new Authentication.Accepted(
                client("admin", "").identity(Namespace.NAMELESS, null).with(OwnRules.NONE))),
        judge("admin", "staple"));
  }

  /** Whoever finds out how to get an error must not shut out everybody else. */
  @Test
  void judge_valueThatTheQueryCannotTake_isNobody() {
    useQuery("SELECT hash FROM users WHERE length(name) = :user_name::int");

    assertEquals(Optional.empty(), judge("four", "staple"));
    assertEquals(Optional.empty(), judge("99999999999999", "staple"));
  }

  /** Nor does anybody get rid of rules that way. */
  @Test
  void judge_valueThatTheQueryForRulesCannotTake_isNobody() {
    store.close();
    store =
        store(
            "SELECT hash FROM users WHERE name = :user_name",
            "SELECT effect, action, topic FROM rules WHERE position > length(:user_name)"
                + " AND position = CASE :user_name WHEN 'anna' THEN 1 ELSE :user_name::int END");

    assertEquals(accepted("anna"), judge("anna", "staple"));
    assertEquals(Optional.empty(), judge("own", "staple"));
  }

  /** Nor with a row of which a client has a part, such as its own name. */
  @Test
  void judge_rowThatCannotBeRead_othersAreStillAskedAbout() {
    useQuery(
        "SELECT hash, CASE name WHEN 'anna' THEN 'false' ELSE name END FROM users"
            + " WHERE name = :user_name");
    for (int i = 0; i < 10; i++) {
      assertEquals(UNAVAILABLE, judge("idle", "staple"));
    }

    assertEquals(accepted("anna"), judge("anna", "staple"));
  }

  @Test
  void find_queryIsWrong_saysHow() {
    useQuery("SELECT hash FROM nothing WHERE name = :user_name");

    assertEquals(
        "fails with SQLSTATE 42P01",
        assertThrows(StrangeAnswerException.class, () -> store.find(client("anna", "staple")))
            .getMessage());
  }

  @Test
  void find_passwordOfTheDatabaseChanges_countsFromThenOn() throws Exception {
    store.password("wrong");
    assertThrows(SQLException.class, () -> store.find(client("anna", "staple")));

    store.password("reader's");
    assertTrue(store.find(client("anna", "staple")).isPresent());
  }

  @Test
  void find_databaseEndsAndComesBack_failsMeanwhile() throws Exception {
    assertTrue(store.find(client("anna", "staple")).isPresent());

    postgres.stop();
    try {
      assertThrows(SQLException.class, () -> store.find(client("anna", "staple")));
    } finally {
      postgres.startAgain();
    }
    assertTrue(store.find(client("anna", "staple")).isPresent());
  }

  @Test
  void find_hashIsNone_saysSoWithoutIt() {
    String message =
        assertThrows(StrangeAnswerException.class, () -> store.find(client("odd", "x"))).toString();

    assertTrue(message.contains("has a user with not a hash that is known"), message);
    assertFalse(message.contains("md5"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT hash FROM users",
        "SELECT hash FROM users WHERE name = ':user_name'",
        "SELECT hash FROM users WHERE name = :user",
        "SELECT hash FROM users WHERE password = :password",
        "SELECT hash FROM users WHERE name = ? AND name = :user_name"
      })
  void read_queryCannotBe_isRefused(String query) {
    assertThrows(IllegalArgumentException.class, () -> UserQuery.read(query));
  }

  @Test
  void of_noDriver_isRefused() {
    assertEquals(
        "no driver for its URL",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new SqlStore(
                        "jdbc:nothing://h/db", null, UserQuery.read(QUERY), null, TIMEOUT, 4))
            .getMessage());
  }

  private Optional<Authentication> judge(String user, String password) {
    return new StoredUsers(store, outsider, checks).judge(client(user, password)).join();
  }
}
