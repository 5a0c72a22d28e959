package io.vmqtt.gateway.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.TopicAction;
import io.vmqtt.cluster.access.TopicRule;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.access.TopicTemplate;
import io.vmqtt.cluster.access.Who;
import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Authorizer;
import io.vmqtt.gateway.access.ComposedAccess;
import io.vmqtt.gateway.access.CredentialChecks;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Exchange;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.access.FakeExchange;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.OpenAccess;
import io.vmqtt.gateway.access.Permission;
import io.vmqtt.gateway.access.Unanswered;
import io.vmqtt.gateway.access.rules.LiveRules;
import io.vmqtt.gateway.access.rules.RuledAccess;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.SubscriptionOptions;
import io.vmqtt.model.TopicFilter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuditedAccessTest {
  private static final Credentials ANNA =
      new Credentials(Namespace.of("plant"), "c", "anna", null, null, null);
  private static final Identity WHO = ANNA.identity(Namespace.of("plant"));

  private final List<String> told = new ArrayList<>();
  private CompletableFuture<Authentication> answer = new CompletableFuture<>();
  private int rulesAskedFor;
  private CompletableFuture<Permission> permission = Permission.GRANTED.known();
  private final Access access =
      new AuditedAccess(
          "tls",
          new ComposedAccess(said -> answer, new Answering()),
          (event, rule) -> told.add(text(event)));

  private static String text(AuditEvent event) {
    return String.join(
        " ",
        event.kind().name(),
        event.listener(),
        event.why().name(),
        event.namespace().name(),
        event.clientId(),
        String.valueOf(event.userName()),
        String.valueOf(event.topic()));
  }

  @Test
  void authenticate_accepted_isToldWithWhoItIs() {
    var _ = access.authenticate(ANNA);
    assertEquals(List.of(), told);

    answer.complete(new Authentication.Accepted(ANNA.identity(Namespace.of("other"), "pump")));

    assertEquals(List.of("CONNECT tls SUCCESS other c pump null"), told);
  }

  @Test
  void authenticate_refusedOrFailed_isToldWithWhatItSaid() {
    answer.complete(new Authentication.Refused(ReasonCode.BANNED));
    var _ = access.authenticate(ANNA);
    answer = CompletableFuture.failedFuture(new IllegalStateException("out of reach"));
    var _ = access.authenticate(ANNA);

    assertEquals(
        List.of(
            "CONNECT tls BANNED plant c anna null",
            "CONNECT tls SERVER_UNAVAILABLE plant c anna null"),
        told);
  }

  @Test
  void authenticate_throws_isAnAnswerThatFailedAndIsTold() {
    Access broken =
        new AuditedAccess(
            "tls",
            new ComposedAccess(
                said -> {
                  throw new IllegalStateException("broken");
                },
                new Answering()),
            (event, rule) -> told.add(text(event)));

    assertEquals(Future.State.FAILED, broken.authenticate(ANNA).state());
    assertEquals(List.of("CONNECT tls SERVER_UNAVAILABLE plant c anna null"), told);
  }

  @Test
  void authenticate_nobodyWaitsAnyMore_isToldOnceWithWhy() {
    for (Unanswered why :
        List.of(
            Unanswered.timedOut(),
            Unanswered.clientGone(),
            Unanswered.ended(ReasonCode.SERVER_SHUTTING_DOWN))) {
      CompletableFuture<Authentication> asked = access.authenticate(ANNA);
      asked.completeExceptionally(why);
      asked.cancel(false);
      answer = new CompletableFuture<>();
    }

    assertEquals(
        List.of(
            "CONNECT tls TIMED_OUT plant c anna null",
            "CONNECT tls CLIENT_GONE plant c anna null",
            "CONNECT tls SERVER_SHUTTING_DOWN plant c anna null"),
        told);
  }

  @Test
  void begin_nothingIsDecided_isToldOnceWithWhy() {
    Access enhanced =
        new AuditedAccess("tls", new FakeAccess(), (event, rule) -> told.add(text(event)));
    var _ =
        enhanced
            .begin(FakeExchange.METHOD, ANNA, null)
            .orElseThrow()
            .next(bytes("later"))
            .completeExceptionally(Unanswered.timedOut());
    Exchange silent = enhanced.begin(FakeExchange.METHOD, ANNA, null).orElseThrow();
    next(silent, "ask");
    silent.abandoned(Unanswered.clientGone());
    var _ = enhanced.begin(FakeExchange.METHOD, ANNA, null).orElseThrow().next(bytes("throw"));

    assertEquals(
        List.of(
            "CONNECT tls TIMED_OUT plant c later null",
            "CONNECT tls CLIENT_GONE plant c ask null",
            "CONNECT tls SERVER_UNAVAILABLE plant c throw null"),
        told);
  }

  /** Who is connected loses that if he is too slow, and nothing if he goes of his own. */
  @Test
  void begin_connectedAndNothingIsDecided_isToldIfItTookTooLong() {
    Access enhanced =
        new AuditedAccess("tls", new FakeAccess(), (event, rule) -> told.add(text(event)));
    for (Unanswered why : List.of(Unanswered.clientGone(), Unanswered.timedOut())) {
      Exchange again = enhanced.begin(FakeExchange.METHOD, ANNA, WHO).orElseThrow();
      next(again, "ask");
      again.abandoned(why);
    }

    assertEquals(List.of("REAUTHENTICATE tls TIMED_OUT plant c ask null"), told);
  }

  @Test
  void authorize_noAnswer_isToldIfItTookTooLongAndOfAWillInAnyCase() {
    for (Unanswered why : List.of(Unanswered.clientGone(), Unanswered.timedOut())) {
      permission = new CompletableFuture<>();
      Authorizer hers = access.forIdentity(WHO);
      var _ = hers.authorizeWill(WHO, message("will"));
      var _ = hers.authorizePublish(WHO, message("t"));
      permission.completeExceptionally(why);
    }

    assertEquals(
        List.of(
            "PUBLISH tls TIMED_OUT plant c anna t",
            "WILL tls CLIENT_GONE plant c anna will",
            "WILL tls TIMED_OUT plant c anna will"),
        told.stream().sorted().toList());
  }

  @Test
  void begin_exchangeIsDecided_isToldWithWhomItClaimedToBe() {
    Access enhanced =
        new AuditedAccess("tls", new FakeAccess(), (event, rule) -> told.add(text(event)));
    Credentials nobody = new Credentials(Namespace.of("plant"), "c", null, null, null, null);

    Exchange refused = enhanced.begin(FakeExchange.METHOD, nobody, null).orElseThrow();
    next(refused, "ask");
    assertEquals(List.of(), told);
    next(refused, "eve");
    next(enhanced.begin(FakeExchange.METHOD, nobody, WHO).orElseThrow(), "anna");
    assertTrue(enhanced.begin("GS2-KRB5", ANNA, null).isEmpty());

    assertEquals(
        List.of(
            "CONNECT tls BAD_USER_NAME_OR_PASSWORD plant c eve null",
            "REAUTHENTICATE tls SUCCESS  c anna null",
            "CONNECT tls BAD_AUTHENTICATION_METHOD plant c anna null"),
        told);
  }

  /** It is asked again each second until its connection ends. */
  @Test
  void begin_connectedAndNobodyHasTime_isToldOnceItsConnectionEndsForIt() {
    FakeAccess busy = new FakeAccess();
    busy.room = false;
    Access enhanced = new AuditedAccess("tls", busy, (event, rule) -> told.add(text(event)));

    next(enhanced.begin(FakeExchange.METHOD, ANNA, WHO).orElseThrow(), "eve");
    Exchange last = enhanced.begin(FakeExchange.METHOD, ANNA, WHO).orElseThrow();
    next(last, "eve");
    assertEquals(List.of(), told);
    last.unheard();

    assertEquals(List.of("REAUTHENTICATE tls SERVER_BUSY plant c eve null"), told);
  }

  /** These end the connection at once. */
  @Test
  void begin_nobodyHasTimeForANewcomerOrForALaterStep_isTold() {
    FakeAccess busy = new FakeAccess();
    Access enhanced = new AuditedAccess("tls", busy, (event, rule) -> told.add(text(event)));

    next(enhanced.begin(FakeExchange.METHOD, ANNA, null).orElseThrow(), "busy");
    Exchange again = enhanced.begin(FakeExchange.METHOD, ANNA, WHO).orElseThrow();
    next(again, "ask");
    next(again, "busy");

    assertEquals(
        List.of(
            "CONNECT tls SERVER_BUSY plant c busy null",
            "REAUTHENTICATE tls SERVER_BUSY plant c busy null"),
        told);
  }

  private static void next(Exchange exchange, String said) {
    exchange.next(bytes(said)).join();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void isBanned_whoIsLetIn_isTold() {
    Access banning =
        new AuditedAccess(
            "tls",
            new FakeAccess() {
              @Override
              public boolean isBanned(Identity who) {
                return who.clientId().equals("c");
              }
            },
            (event, rule) ->
                told.add(event.kind() + " " + event.reason() + " " + event.clientId()));

    assertEquals(true, banning.isBanned(WHO));
    assertEquals(false, banning.isBanned(new Identity(Namespace.NAMELESS, "d", null, null, null)));
    assertEquals(List.of("BAN BANNED c"), told);
  }

  @Test
  void authorize_granted_isTheSameAnswerAndNothingIsTold() {
    Authorizer hers = access.forIdentity(WHO);

    assertSame(Permission.GRANTED.known(), hers.authorizePublish(WHO, message("t")));
    assertSame(Permission.GRANTED.known(), hers.authorizeWill(WHO, message("t")));
    assertSame(Permission.GRANTED.known(), hers.authorizeSubscribe(WHO, subscription("t")));
    permission = CompletableFuture.completedFuture(Permission.GRANTED);
    hers.authorizePublish(WHO, message("t")).join();
    assertEquals(List.of(), told);
  }

  @Test
  void authorize_denied_isToldWithTheTopic() {
    Authorizer hers = access.forIdentity(WHO);
    permission = Permission.DENIED.known();
    var _ = hers.authorizePublish(WHO, message("a/b"));
    var _ = hers.authorizeWill(WHO, message("will"));
    var _ = hers.authorizeSubscribe(WHO, subscription("$share/g/a/#"));
    permission = new CompletableFuture<>();
    var _ = access.forIdentity(WHO).authorizePublish(WHO, message("later"));
    permission.completeExceptionally(new IllegalStateException("out of reach"));

    assertEquals(
        List.of(
            "PUBLISH tls NOT_AUTHORIZED plant c anna a/b",
            "WILL tls NOT_AUTHORIZED plant c anna will",
            "SUBSCRIBE tls NOT_AUTHORIZED plant c anna $share/g/a/#",
            "PUBLISH tls IMPLEMENTATION_SPECIFIC_ERROR plant c anna later"),
        told);
  }

  /** What an operator asks first: by which line. */
  @Test
  void authorize_deniedByRules_isToldWithTheRule() {
    LiveRules rules = new LiveRules();
    TopicRule rule =
        new TopicRule(
            7,
            Effect.DENY,
            Set.of(TopicAction.PUBLISH, TopicAction.SUBSCRIBE),
            List.of(TopicTemplate.of("a/#"), TopicTemplate.of("b/${username}")),
            Who.EVERYBODY,
            TopicRule.EVERY_QOS,
            null,
            null);
    rules.follow(new AccessSettings(1, new TopicRules(List.of(rule), Effect.DENY)));
    List<String> by = new ArrayList<>();
    Authorizer hers =
        new AuditedAccess(
                "tls",
                new RuledAccess(rules, new OpenAccess(), new CredentialChecks(1, 10)),
                (event, found) -> by.add(event.topic() + " by " + found.get()))
            .forIdentity(WHO);

    var _ = hers.authorizePublish(WHO, message("a/b"));
    var _ = hers.authorizePublish(WHO, message("a/b"));
    var _ = hers.authorizeWill(WHO, message("b/anna"));
    var _ = hers.authorizeSubscribe(WHO, subscription("#"));
    var _ = hers.authorizeSubscribe(WHO, subscription("c"));

    String said = "line 7: deny publish and subscribe a/#, b/${username}";
    assertEquals(
        List.of(
            "a/b by " + said,
            "a/b by " + said,
            "b/anna by " + said,
            "# by " + said,
            "c by none is about it"),
        by);
  }

  /** It is searched for, and made a text, each time. */
  @Test
  void authorize_deniedAndNobodyWantsToKnowTheRule_itIsNotAskedFor() {
    permission = Permission.DENIED.known();
    Authorizer hers = access.forIdentity(WHO);

    var _ = hers.authorizePublish(WHO, message("a"));
    var _ = hers.authorizeWill(WHO, message("a"));
    var _ = hers.authorizeSubscribe(WHO, subscription("a"));

    assertEquals(3, told.size());
    assertEquals(0, rulesAskedFor);
  }

  @Test
  void authorize_nobodyCouldTell_noRuleIsTold() {
    List<@Nullable String> by = new ArrayList<>();
    permission = Permission.UNKNOWN.known();

    var _ =
        new AuditedAccess(
                "tls",
                new ComposedAccess(said -> answer, new Answering()),
                (event, rule) -> by.add(rule.get()))
            .forIdentity(WHO)
            .authorizePublish(WHO, message("a"));

    assertEquals(Collections.singletonList(null), by);
  }

  @Test
  void grantsAll_isThatOfWhoDecides() {
    assertEquals(
        true,
        new AuditedAccess("tls", new OpenAccess(), (event, rule) -> {})
            .forIdentity(WHO)
            .grantsAll());
    assertEquals(false, access.forIdentity(WHO).grantsAll());
  }

  private static Message message(String topic) {
    return new Message(
        topic, ByteBuffer.allocate(0), Qos.AT_LEAST_ONCE, false, MessageProperties.NONE, 0, 0);
  }

  private static Subscription subscription(String filter) {
    return new Subscription(
        TopicFilter.parse(filter), SubscriptionOptions.of(Qos.AT_LEAST_ONCE), 0);
  }

  private final class Answering implements Authorizer {
    @Override
    public CompletableFuture<Permission> authorizeWill(Identity who, Message will) {
      return permission;
    }

    @Override
    public CompletableFuture<Permission> authorizePublish(Identity who, Message message) {
      return permission;
    }

    @Override
    public CompletableFuture<Permission> authorizeSubscribe(Identity who, Subscription wanted) {
      return permission;
    }

    @Override
    public @Nullable String ruleAgainst(Message message) {
      rulesAskedFor++;
      return null;
    }

    @Override
    public @Nullable String ruleAgainst(Subscription wanted) {
      rulesAskedFor++;
      return null;
    }
  }
}
