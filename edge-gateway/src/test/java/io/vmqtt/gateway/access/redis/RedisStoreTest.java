package io.vmqtt.gateway.access.redis;

import static io.vmqtt.gateway.access.AskedClient.client;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisException;
import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.outside.Outsider;
import io.vmqtt.gateway.access.outside.UncountedQuestions;
import io.vmqtt.gateway.access.redis.RedisStore.Fields;
import io.vmqtt.gateway.access.stored.StoredUsers;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.testkit.servers.RedisProcess;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a real Redis. */
class RedisStoreTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String STAPLE =
      "$pbkdf2-sha256$3$AAECAwQFBgcICQoL$aa6FIXq+W4F2OKlYzRdS61DCmcL7EPejq7NOH5tJJqA";
  private static final Optional<Authentication> REFUSED =
      Optional.of(new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD));
  private static final Optional<Authentication> UNAVAILABLE =
      Optional.of(new Authentication.Refused(ReasonCode.SERVER_UNAVAILABLE));

  private static RedisProcess redis;

  private final CredentialChecks checks = new CredentialChecks(1, 100);
  private final Outsider outsider =
      new Outsider("redis", 4, TIMEOUT, new UncountedQuestions(), System::nanoTime);
  private final List<RedisStore> stores = new ArrayList<>();

  @BeforeAll
  static void start() {
    redis = RedisProcess.start("--requirepass", "secret");
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void fill() {
    set("HSET vmqtt:user:anna password " + STAPLE);
    set("HSET vmqtt:user:idle password " + STAPLE + " disabled 1");
    set("HSET vmqtt:user:gone password " + STAPLE + " disabled TRUE");
    set("HSET vmqtt:user:back password " + STAPLE + " disabled 0");
    set("HSET vmqtt:user:odd password md5");
    set("SET vmqtt:user:text " + STAPLE);
    set("HSET plant/c hash " + STAPLE + " out 0");
    set("ACL SETUSER reader on >readers ~vmqtt:* +@read +@connection");
  }

  private static void set(String command) {
    String answer = redis.ask(List.of("AUTH secret", command));
    assertTrue(answer.startsWith("+") || answer.startsWith(":"), answer);
  }

  @AfterEach
  void close() {
    stores.forEach(RedisStore::close);
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
    RedisStore store = store(null, "secret");

    assertEquals(accepted("anna"), judge(store, "anna", "staple"));
    assertEquals(accepted("back"), judge(store, "back", "staple"));
    assertEquals(REFUSED, judge(store, "anna", "horse"));
    assertEquals(REFUSED, judge(store, "idle", "staple"));
    assertEquals(REFUSED, judge(store, "gone", "staple"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "", "*", "ann?", "anna\r\nFLUSHALL", "%u"})
  void judge_userIsNotThere_isForAnotherMethod(String user) {
    assertEquals(Optional.empty(), judge(store(null, "secret"), user, "staple"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"odd", "text"})
  void judge_whatIsKeptCannotBeUsed_letsNobodyInAndShutsOutNobodyElse(String user) {
    RedisStore store = store(null, "secret");
    for (int i = 0; i < 10; i++) {
      assertEquals(UNAVAILABLE, judge(store, user, "staple"));
    }

    assertEquals(accepted("anna"), judge(store, "anna", "staple"));
  }

  @Test
  void judge_userWithRules_theyAreThoseOfItsIdentity() {
    String rules = "[{\\\"allow\\\":\\\"publish\\\",\\\"topics\\\":\\\"a/#\\\"}]";
    set("HSET vmqtt:user:own password " + STAPLE + " rules \"" + rules + '"');
    set("HSET vmqtt:user:wild password " + STAPLE + " rules all");
    RedisStore store = store(null, "secret");

    assertEquals(
        Optional.of(
            new Authentication.Accepted(
                client("own", "")
                    .identity(Namespace.NAMELESS)
                    .with(OwnRules.read(rules.replace("\\", ""))))),
        judge(store, "own", "staple"));
    assertEquals(UNAVAILABLE, judge(store, "wild", "staple"));
  }

  @Test
  void find_noFieldHasRules_nothingIsSaidOfThem() throws Exception {
    set("HSET vmqtt:user:full password " + STAPLE + " rules all");

    assertNull(
        store(null, "secret", "vmqtt:user:%u", new Fields("password", "disabled", null))
            .find(client("full", ""))
            .orElseThrow()
            .rules());
  }

  @Test
  void find_ownKeyAndFields_areThoseOfTheClient() throws Exception {
    RedisStore store = store(null, "secret", "%n/%c", new Fields("hash", "out", "may"));

    assertEquals(
        STAPLE,
        store
            .find(new Credentials(Namespace.of("plant"), "c", "x", null, null, null))
            .orElseThrow()
            .password()
            .text());
  }

  /** Else a device became whom it likes by its own good password. */
  @Test
  void judge_userIsNotFoundByItsName_comesInWithoutOne() {
    assertEquals(
        Optional.of(
            new Authentication.Accepted(
                client("admin", "").identity(Namespace.NAMELESS, null).with(OwnRules.NONE))),
        judge(
            store(null, "secret", "plant/%c", new Fields("hash", "out", "may")),
            "admin",
            "staple"));
  }

  @Test
  void judge_userOfRedis_readsWithItsRights() {
    assertEquals(accepted("anna"), judge(store("reader", "readers"), "anna", "staple"));
    assertThrows(
        RedisException.class,
        () ->
            store("reader", "readers", "plant/%c", new Fields("hash", "out", "may"))
                .find(client("x", "")));
  }

  @Test
  void find_passwordOfRedisChanges_countsFromThenOn() throws Exception {
    RedisStore store = store(null, "wrong");
    assertThrows(RedisException.class, () -> store.find(client("anna", "")));

    store.password("secret");
    assertTrue(store.find(client("anna", "")).isPresent());
  }

  @Test
  void find_redisEndsAndComesBack_failsMeanwhile() throws Exception {
    RedisStore store = store(null, "secret");
    assertTrue(store.find(client("anna", "")).isPresent());

    redis.kill();
    assertThrows(RedisException.class, () -> store.find(client("anna", "")));

    redis.startAgain();
    fill();
    await().ignoreExceptions().until(() -> store.find(client("anna", "")).isPresent());
  }

  @Test
  void judge_manyAtOnce_eachIsJudgedByItself() {
    RedisStore store = store(null, "secret");
    StoredUsers users = new StoredUsers(store, outsider, checks);
    List<CompletableFuture<Optional<Authentication>>> verdicts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      verdicts.add(users.judge(client("anna", i % 2 == 0 ? "staple" : "horse")));
    }

    for (int i = 0; i < verdicts.size(); i++) {
      assertEquals(i % 2 == 0 ? accepted("anna") : REFUSED, verdicts.get(i).join());
    }
  }

  private RedisStore store(@Nullable String user, String password) {
    return store(user, password, "vmqtt:user:%u", new Fields("password", "disabled", "rules"));
  }

  private RedisStore store(@Nullable String user, String password, String key, Fields fields) {
    RedisStore store =
        new RedisStore(
            URI.create("redis://" + redis.address()), user, RedisStore.key(key), fields, TIMEOUT);
    stores.add(store);
    store.password(password);
    return store;
  }

  private Optional<Authentication> judge(RedisStore store, String user, String password) {
    return new StoredUsers(store, outsider, checks).judge(client(user, password)).join();
  }
}
