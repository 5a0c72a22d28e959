package io.vmqtt.gateway.access.sql;

import static io.vmqtt.gateway.access.AskedClient.client;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.outside.Outsider;
import io.vmqtt.gateway.access.outside.StrangeAnswerException;
import io.vmqtt.gateway.access.outside.UncountedQuestions;
import io.vmqtt.gateway.access.stored.StoredUsers;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.testkit.servers.MariaDbProcess;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a real MariaDB, by the driver for {@code jdbc:mysql:} that is shipped. */
class MariaDbStoreTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String QUERY =
      "SELECT password_hash, disabled FROM mqtt_users WHERE user_name = :user_name";
  private static final String RULES_QUERY =
      "SELECT effect, action, topic FROM mqtt_rules WHERE user_name = :user_name ORDER BY position";
  private static final Optional<Authentication> REFUSED =
      Optional.of(new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD));
  private static final String STAPLE =
      "$pbkdf2-sha256$3$AAECAwQFBgcICQoL$aa6FIXq+W4F2OKlYzRdS61DCmcL7EPejq7NOH5tJJqA";

  private static MariaDbProcess server;

  private final CredentialChecks checks = new CredentialChecks(1, 100);
  private final Outsider outsider =
      new Outsider("sql", 4, TIMEOUT, new UncountedQuestions(), System::nanoTime);
  private SqlStore store = store(QUERY);

  @BeforeAll
  static void start() {
    server = MariaDbProcess.start();
    server.run(
        "USE plant",
        "CREATE TABLE mqtt_users (user_name varbinary(200) PRIMARY KEY,"
            + " password_hash text NOT NULL, disabled boolean NOT NULL DEFAULT false)",
        "CREATE TABLE loose (user_name varchar(200) PRIMARY KEY, password_hash text NOT NULL)",
        "CREATE TABLE mqtt_rules"
            + " (user_name varbinary(200), position int, effect text, action text,"
            + " topic text)",
        "INSERT INTO mqtt_users VALUES ('anna', '" + STAPLE + "', false)",
        "INSERT INTO mqtt_users VALUES ('idle', '" + STAPLE + "', true)",
        "INSERT INTO mqtt_users VALUES ('own', '" + STAPLE + "', false)",
        "INSERT INTO loose VALUES ('anna', '" + STAPLE + "')",
        "INSERT INTO mqtt_rules VALUES ('own', 2, 'allow', 'publish, subscribe', 'a/${clientid}/#')",
        "INSERT INTO mqtt_rules VALUES ('own', 1, 'deny', 'publish', 'a/b')");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static SqlStore store(String query) {
    SqlStore store =
        new SqlStore(
            server.url(),
            MariaDbProcess.USER,
            UserQuery.read(query),
            UserQuery.read(RULES_QUERY),
            TIMEOUT,
            4);
    store.password(MariaDbProcess.PASSWORD);
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

  private Optional<Authentication> judge(String user, String password) {
    return new StoredUsers(store, outsider, checks).judge(client(user, password)).join();
  }

  private static Optional<Authentication> accepted(String user, OwnRules rules) {
    return Optional.of(
        new Authentication.Accepted(client(user, "").identity(Namespace.NAMELESS).with(rules)));
  }

  @Test
  void judge_userIsThere_comesInWithItsPasswordUnlessItIsDisabled() {
    assertEquals(accepted("anna", OwnRules.NONE), judge("anna", "staple"));
    assertEquals(REFUSED, judge("anna", "horse"));
    assertEquals(REFUSED, judge("idle", "staple"));
  }

  @Test
  void judge_userWithRules_theyAreThoseOfItsIdentityInTheirOrder() {
    assertEquals(
        accepted(
            "own",
            OwnRules.read(
                """
                [{"deny": "publish", "topics": "a/b"},
                 {"allow": ["publish", "subscribe"], "topics": "a/${clientid}/#"}]
                """)),
        judge("own", "staple"));
  }

  /** A column of texts has several names for one user. */
  @ParameterizedTest
  @ValueSource(strings = {"ANNA", "anna "})
  void judge_nearlyTheName_isAnotherUserWhereTheColumnComparesBytes(String user) {
    assertEquals(Optional.empty(), judge(user, "staple"));

    useQuery("SELECT password_hash FROM loose WHERE user_name = :user_name");
    assertEquals(accepted(user, OwnRules.NONE), judge(user, "staple"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "' OR '1'='1",
        "anna'-- ",
        "anna\\' OR 1=1 -- ",
        "anna' UNION SELECT password_hash, false FROM mqtt_users-- ",
        ":user_name",
        "?",
        "%",
        "anna\0",
        ""
      })
  void judge_nameIsMadeToBeSql_isNobody(String user) {
    assertEquals(Optional.empty(), judge(user, "staple"));
  }

  @Test
  void find_queryIsWrong_saysHow() {
    useQuery("SELECT password_hash FROM nothing WHERE user_name = :user_name");

    assertEquals(
        "fails with SQLSTATE 42S02",
        assertThrows(StrangeAnswerException.class, () -> store.find(client("anna", "staple")))
            .getMessage());
  }

  @Test
  void find_passwordOfTheDatabaseIsWrong_countsAsAway() throws Exception {
    store.password("wrong");
    assertThrows(SQLException.class, () -> store.find(client("anna", "staple")));

    store.password(MariaDbProcess.PASSWORD);
    assertTrue(store.find(client("anna", "staple")).isPresent());
  }

  @Test
  void find_databaseEndsAndComesBack_failsMeanwhile() throws Exception {
    assertTrue(store.find(client("anna", "staple")).isPresent());

    server.stop();
    try {
      assertThrows(SQLException.class, () -> store.find(client("anna", "staple")));
    } finally {
      server.startAgain();
    }
    assertTrue(store.find(client("anna", "staple")).isPresent());
  }
}
