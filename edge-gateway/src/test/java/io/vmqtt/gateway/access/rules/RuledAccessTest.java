package io.vmqtt.gateway.access.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.access.Who;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Authorizer;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.ExchangeStep;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.access.FakeExchange;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.OpenAccess;
import io.vmqtt.gateway.access.Permission;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RuledAccessTest {
  private static final Identity CLIENT = RuleCases.client("c", null);
  private static final int TIMES = 10_000;

  private final LiveRules rules = new LiveRules();
  private final FakeAccess other = new FakeAccess();
  private final CredentialChecks threads = new CredentialChecks(1, 2);
  private final RuledAccess access = new RuledAccess(rules, other, threads);

  @AfterEach
  void close() {
    threads.close();
  }

  private static AccessSettings allowing(String topic) {
    return new AccessSettings(
        1,
        new TopicRules(List.of(RuleCases.rule(1, "allow " + topic, Who.EVERYBODY)), Effect.DENY));
  }

  private static Message message(String topic) {
    return new Message(
        topic, ByteBuffer.allocate(0), Qos.AT_LEAST_ONCE, false, MessageProperties.NONE, 0, 0);
  }

  private Permission publish(String topic) {
    return publish(CLIENT, topic);
  }

  private Permission publish(Identity who, String topic) {
    return access.forIdentity(who).authorizePublish(who, message(topic)).resultNow();
  }

  @Test
  void begin_beforeItIsKnownWhetherThereAreRules_nobodyProvesAnything() {
    Credentials credentials = new Credentials(Namespace.NAMELESS, "c", null, null, null, null);

    ExchangeStep step =
        access
            .begin(FakeExchange.METHOD, credentials, null)
            .orElseThrow()
            .next("anna".getBytes(StandardCharsets.UTF_8))
            .join();

    assertEquals(
        new Authentication.Refused(ReasonCode.SERVER_UNAVAILABLE),
        assertInstanceOf(ExchangeStep.Decided.class, step).answer());
    rules.follow(AccessSettings.NONE);
    assertTrue(access.begin(FakeExchange.METHOD, credentials, null).isPresent());
    assertEquals(1, other.exchanges.size());
  }

  /** A gateway that starts must not let clients do everything before it has heard of the rules. */
  @Test
  void authenticate_beforeItIsKnownWhetherThereAreRules_nobodyIsLetIn() {
    Credentials credentials = new Credentials(Namespace.NAMELESS, "c", null, null, null, null);

    assertEquals(
        new Authentication.Refused(ReasonCode.SERVER_UNAVAILABLE),
        access.authenticate(credentials).resultNow());
    assertTrue(other.credentials.isEmpty());

    rules.follow(AccessSettings.NONE);

    assertEquals(new Authentication.Accepted(CLIENT), access.authenticate(credentials).resultNow());
  }

  @Test
  void authorize_rules_decideWhileThereAreAny() {
    rules.follow(AccessSettings.NONE);
    other.now(FakeAccess.How.DENIES);
    assertEquals(Permission.DENIED, publish("a"), "by the other");

    rules.follow(allowing("a"));
    assertEquals(Permission.GRANTED, publish("a"));
    assertEquals(Permission.DENIED, publish("b"));
    assertEquals(
        Permission.DENIED,
        access
            .forIdentity(CLIENT)
            .authorizeSubscribe(CLIENT, RuleCases.subscription("b"))
            .resultNow());
    assertEquals(
        Permission.GRANTED,
        access.forIdentity(CLIENT).authorizeWill(CLIENT, message("a")).resultNow());

    rules.follow(AccessSettings.NONE);
    assertEquals(Permission.DENIED, publish("a"), "by the other");
  }

  @Test
  void authorize_clientWithRulesOfItsOwn_theseGoBeforeThoseOfAll() {
    Identity own =
        CLIENT.with(
            OwnRules.read(
                """
                [{"deny": "publish", "topics": "a/secret"}, {"allow": "publish", "topics": "own"}]
                """));
    rules.follow(AccessSettings.NONE);
    assertEquals(Permission.GRANTED, publish(own, "own"));
    assertEquals(Permission.DENIED, publish(own, "a/b"), "there are rules about it");

    rules.follow(allowing("a/#"));
    assertEquals(Permission.GRANTED, publish(own, "own"));
    assertEquals(Permission.GRANTED, publish(own, "a/b"));
    assertEquals(Permission.DENIED, publish(own, "a/secret"));
    assertEquals(Permission.DENIED, publish(own, "b"));
    assertEquals(Permission.GRANTED, publish(CLIENT, "a/secret"), "others have none");
  }

  /** A claim or a row that somebody forgot makes nobody who may do everything. */
  @Test
  void authorize_clientThatCouldHaveRulesAndHasNone_mayDoWhatTheRulesOfAllAllow() {
    Identity bare = CLIENT.with(OwnRules.NONE);
    rules.follow(AccessSettings.NONE);
    assertEquals(Permission.DENIED, publish(bare, "a"));
    assertEquals(Permission.GRANTED, publish(CLIENT, "a"), "of whom nothing is said");

    rules.follow(allowing("a"));
    assertEquals(Permission.GRANTED, publish(bare, "a"));
    assertEquals(Permission.DENIED, publish(bare, "b"));
  }

  @Test
  void authorize_ownRulesHaveADefault_itDecidesBeforeTheRulesOfAll() {
    Identity own = CLIENT.with(OwnRules.read("[{\"default\": \"deny\"}]"));
    rules.follow(allowing("a"));
    assertEquals(Permission.DENIED, publish(own, "a"));

    Identity free = CLIENT.with(OwnRules.read("[{\"default\": \"allow\"}]"));
    assertEquals(Permission.GRANTED, publish(free, "b"));
  }

  /**
   * Where they do, the store, which knows the rules of all alone, would forbid what they allow;
   * where they do not, a client would escape the rules of all by having others.
   */
  @Test
  void goesByOwnRules_will_isSoWhereOneOfTheseIsAboutIt() {
    Identity own = CLIENT.with(OwnRules.read("[{\"allow\": \"publish\", \"topics\": \"own\"}]"));
    Identity free = CLIENT.with(OwnRules.read("[{\"default\": \"allow\"}]"));
    rules.follow(allowing("a"));

    assertTrue(access.forIdentity(own).goesByOwnRules(message("own")));
    assertFalse(access.forIdentity(own).goesByOwnRules(message("a")));
    assertTrue(access.forIdentity(free).goesByOwnRules(message("a")));
    assertFalse(access.forIdentity(CLIENT.with(OwnRules.NONE)).goesByOwnRules(message("a")));
    assertFalse(access.forIdentity(CLIENT).goesByOwnRules(message("a")));
  }

  private static final String OWN = "[{\"allow\": \"publish\", \"topics\": \"own/#\"}]";
  private static final Credentials CREDENTIALS =
      new Credentials(Namespace.NAMELESS, "c", null, null, null, null);

  /** Holds up the thread that checks, until somebody counts down. */
  private CountDownLatch busy() {
    CountDownLatch mayGoOn = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    assertTrue(
        threads.submit(
            null,
            () -> {
              begun.countDown();
              awaited(mayGoOn);
            }));
    awaited(begun);
    return mayGoOn;
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void letIn(Identity who) {
    other.answerConnect(CompletableFuture.completedFuture(new Authentication.Accepted(who)));
  }

  /** An event loop that does it holds up all its other clients. */
  @Test
  void authenticate_rulesOfItsOwn_areCompiledByAnotherThreadOnceForAllThatHaveTheSame() {
    rules.follow(allowing("a"));
    letIn(CLIENT.with(OwnRules.read(OWN)));
    CountDownLatch mayGoOn = busy();

    CompletableFuture<Authentication> first = access.authenticate(CREDENTIALS);

    assertFalse(first.isDone(), "it was compiled by who asked");
    assertEquals(0, rules.own().compiled());
    mayGoOn.countDown();
    Identity who = assertInstanceOf(Authentication.Accepted.class, first.join()).identity();
    assertEquals(1, rules.own().compiled());
    assertEquals(Permission.GRANTED, publish(who, "own/x"));

    letIn(CLIENT.with(OwnRules.read(OWN)));
    CountDownLatch busyAgain = busy();
    assertTrue(access.authenticate(CREDENTIALS).isDone(), "they are known");
    busyAgain.countDown();
    assertEquals(1, rules.own().compiled());
    assertEquals(1, rules.own().known());
  }

  @Test
  void follow_otherRulesOfAll_thoseOfClientsAreNotCompiledAgain() {
    rules.follow(allowing("a"));
    letIn(CLIENT.with(OwnRules.read(OWN)));
    Identity who =
        assertInstanceOf(Authentication.Accepted.class, access.authenticate(CREDENTIALS).join())
            .identity();
    assertEquals(Permission.GRANTED, publish(who, "a"));

    for (String topic : List.of("b", "c")) {
      rules.follow(allowing(topic));
      assertEquals(Permission.GRANTED, publish(who, topic));
      assertEquals(Permission.GRANTED, publish(who, "own/x"));
      assertEquals(Permission.DENIED, publish(who, "a"));
    }

    assertEquals(1, rules.own().compiled());
  }

  @Test
  void authenticate_rulesOfItsOwnAndTooManyWait_theServerIsBusy() {
    rules.follow(AccessSettings.NONE);
    letIn(CLIENT.with(OwnRules.read(OWN)));
    CountDownLatch mayGoOn = busy();
    CompletableFuture<Authentication> waits = access.authenticate(CREDENTIALS);

    assertEquals(
        new Authentication.Refused(ReasonCode.SERVER_BUSY),
        access.authenticate(CREDENTIALS).resultNow());

    mayGoOn.countDown();
    assertInstanceOf(Authentication.Accepted.class, waits.join());
  }

  /** What asks for each message, without rules, is what was asked before there were any. */
  @Test
  void forIdentity_withoutRules_isTheOtherItself() {
    OpenAccess open = new OpenAccess();

    assertSame(
        open,
        new RuledAccess(LiveRules.none(), open, new CredentialChecks(1, 10)).forIdentity(CLIENT));
  }

  @Test
  void whenChanged_isToldOfEveryChange() {
    AtomicInteger told = new AtomicInteger();
    rules.whenChanged(told::incrementAndGet);

    rules.follow(allowing("a"));
    rules.follow(AccessSettings.NONE);

    assertEquals(2, told.get());
  }

  /** Asked for every message of every client. */
  @Test
  void authorizePublish_ofATopicThatIsKnown_allocatesNothing() {
    rules.follow(allowing("a/${clientid}/#"));
    Authorizer ofClient = access.forIdentity(CLIENT);
    Message message = message("a/c/x");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int granted = grant(ofClient, message);
    long before = threads.getCurrentThreadAllocatedBytes();

    granted += grant(ofClient, message);

    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertEquals(2 * TIMES, granted);
    assertTrue(allocated < TIMES, () -> allocated + " bytes for " + TIMES + " questions");
  }

  private static int grant(Authorizer ofClient, Message message) {
    int granted = 0;
    for (int i = 0; i < TIMES; i++) {
      granted +=
          ofClient.authorizePublish(CLIENT, message).resultNow() == Permission.GRANTED ? 1 : 0;
    }
    return granted;
  }
}
