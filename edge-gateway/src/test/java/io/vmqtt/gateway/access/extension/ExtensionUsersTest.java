package io.vmqtt.gateway.access.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.extension.Client;
import io.vmqtt.extension.ClientAccess;
import io.vmqtt.extension.Newcomer;
import io.vmqtt.extension.Rule;
import io.vmqtt.extension.Verdict;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Authenticator;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.ExchangeStep;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.access.FakeExchange;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.gateway.access.outside.Outsider;
import io.vmqtt.gateway.access.outside.UncountedQuestions;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExtensionUsersTest {
  private static final Optional<Authentication> UNAVAILABLE =
      Optional.of(new Authentication.Refused(ReasonCode.SERVER_UNAVAILABLE));
  private static final Credentials ANNA =
      new Credentials(
          Namespace.of("plant"),
          "c",
          "anna",
          new Password("secret".getBytes(StandardCharsets.UTF_8)),
          new InetSocketAddress("10.0.0.7", 4000),
          null);

  private final Outsider outsider = outsider(Duration.ofSeconds(10));
  private final Answering access = new Answering();
  private final ExtensionUsers users = new ExtensionUsers("extension-x", access, outsider);

  /** Answers as it is told. */
  private static final class Answering implements ClientAccess {
    Question verdict = _ -> Verdict.unknown();
    @Nullable List<Rule> rules;
    @Nullable Client asked;

    interface Question {
      Verdict about(Newcomer newcomer) throws Exception;
    }

    @Override
    public Verdict authenticate(Newcomer newcomer) throws Exception {
      return verdict.about(newcomer);
    }

    @Override
    public @Nullable List<Rule> rules(Client client) {
      asked = client;
      return rules;
    }
  }

  private static Outsider outsider(Duration timeout) {
    return new Outsider("extension", 4, timeout, new UncountedQuestions(), System::nanoTime);
  }

  @AfterEach
  void close() {
    outsider.close();
  }

  @Test
  void judge_allowed_isWhoTheExtensionSays() {
    Instant end = Instant.ofEpochMilli(1_764_150_000_123L);
    access.verdict =
        one ->
            new Verdict.Allowed(
                one.userName() + '@' + one.namespace() + one.address(),
                "north",
                Map.of("floor", "3"),
                List.of(Rule.allowPublish("a/${clientid}"), Rule.deny("#")),
                end);

    assertEquals(
        Optional.of(
            new Authentication.Accepted(
                new Identity(
                    Namespace.of("north"),
                    "c",
                    "anna@plant" + ANNA.peer(),
                    ANNA.peer(),
                    null,
                    Map.of("floor", "3"),
                    end.toEpochMilli(),
                    OwnRules.read(
                        """
                        [{"allow": "publish", "topics": "a/${clientid}"},
                         {"deny": ["publish", "subscribe"], "topics": "#"}]
                        """)))),
        judge());

    access.verdict = _ -> Verdict.allowed(null);
    assertEquals(
        Optional.of(new Authentication.Accepted(ANNA.identity(ANNA.namespace(), null))), judge());
    access.verdict = _ -> Verdict.allowed(null).until(Instant.MAX);
    assertEquals(
        Optional.of(new Authentication.Accepted(ANNA.identity(ANNA.namespace(), null))), judge());
  }

  @Test
  void judge_refusedOrUnknown_isRefusedOrForAnother() {
    access.verdict =
        one ->
            Arrays.equals(one.password(), "secret".getBytes(StandardCharsets.UTF_8))
                ? Verdict.refused()
                : Verdict.unknown();
    assertEquals(
        Optional.of(new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD)), judge());

    access.verdict = _ -> Verdict.unknown();
    assertEquals(Optional.empty(), judge());
  }

  /** Whatever foreign code does, nobody comes in by it. */
  @Test
  @SuppressWarnings("NullAway") // what foreign code does
  void judge_itFailsOrGivesWhatCannotBe_nobodyIsLetIn() {
    List<Answering.Question> bad =
        List.of(
            _ -> {
              throw new IllegalStateException("a bug");
            },
            _ -> {
              throw new NoSuchMethodError("a jar is missing");
            },
            _ -> null,
            _ -> new Verdict.Allowed("a", "No Name", Map.of(), null, null),
            _ -> Verdict.allowed("a").with(Rule.allowPublish("a/#/b")));

    for (Answering.Question one : bad) {
      access.verdict = one;
      assertEquals(UNAVAILABLE, judge());
    }
  }

  /** Else whoever finds words that it has a mistake about would keep all others out. */
  @Test
  void judge_aMistakeMadeOftenAboutSome_othersAreLetIn() {
    access.verdict =
        _ -> {
          throw new IllegalStateException("a bug");
        };
    for (int i = 0; i < 10; i++) {
      assertEquals(UNAVAILABLE, judge());
    }

    access.verdict = _ -> Verdict.allowed("anna");
    assertEquals(
        Optional.of(new Authentication.Accepted(ANNA.identity(ANNA.namespace()))), judge());
  }

  @Test
  void judge_itBlocks_isNotLetInAndItIsInterrupted() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    access.verdict =
        _ -> {
          try {
            new CountDownLatch(1).await();
            return Verdict.allowed("anna");
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
        };

    try (Outsider hasty = outsider(Duration.ofMillis(100))) {
      assertEquals(
          UNAVAILABLE, new ExtensionUsers("extension-x", access, hasty).judge(ANNA).join());
      assertTrue(interrupted.await(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void ruled_whoWasLetInByOthers_hasTheRulesOfTheExtension() {
    access.rules = List.of(Rule.allowSubscribe("a"));
    OwnRules rules = OwnRules.read("[{\"allow\":\"subscribe\",\"topics\":\"a\"}]");
    Identity anna = ANNA.identity(ANNA.namespace());
    Authenticator others = new RulesByExtension(users, new FakeAccess());

    assertEquals(new Authentication.Accepted(anna.with(rules)), others.authenticate(ANNA).join());
    assertEquals(
        new Client("plant", "c", "anna", (InetSocketAddress) ANNA.peer(), null, Map.of()),
        access.asked);

    ExchangeStep step =
        others
            .begin(FakeExchange.METHOD, ANNA, null)
            .orElseThrow()
            .next("anna".getBytes(StandardCharsets.UTF_8))
            .join();
    assertEquals(
        rules,
        assertInstanceOf(
                Authentication.Accepted.class,
                assertInstanceOf(ExchangeStep.Decided.class, step).answer())
            .identity()
            .rules());

    access.rules = List.of(Rule.allowPublish("a/#/b"));
    assertEquals(UNAVAILABLE.orElseThrow(), others.authenticate(ANNA).join());
    access.rules = null;
    assertEquals(new Authentication.Accepted(anna), others.authenticate(ANNA).join());
  }

  @Test
  void ruled_nobodyWaitsAnyMore_isNotAsked() {
    CountDownLatch free = new CountDownLatch(1);
    access.verdict =
        _ -> {
          free.await();
          return Verdict.unknown();
        };
    try (Outsider single =
        new Outsider(
            "extension", 1, Duration.ofSeconds(10), new UncountedQuestions(), System::nanoTime)) {
      ExtensionUsers busy = new ExtensionUsers("extension-x", access, single);
      CompletableFuture<?> before = busy.judge(ANNA);

      new RulesByExtension(busy, new FakeAccess()).authenticate(ANNA).cancel(false);
      free.countDown();

      before.join();
      busy.judge(ANNA).join();
      assertNull(access.asked);
    }
  }

  @Test
  void ruled_whoHasRulesAlready_isNotAskedAbout() {
    access.rules = List.of(Rule.allowSubscribe("a"));
    access.verdict = _ -> Verdict.allowed("anna").with(Rule.deny("b"));
    Authenticator chain =
        new RulesByExtension(
            users, credentials -> users.judge(credentials).thenApply(Optional::orElseThrow));

    assertEquals(judge().orElseThrow(), chain.authenticate(ANNA).join());
    assertNull(access.asked);
  }

  private Optional<Authentication> judge() {
    return users.judge(ANNA).orTimeout(20, TimeUnit.SECONDS).join();
  }
}
