package io.vmqtt.gateway.access.bans;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.bans.Ban;
import io.vmqtt.cluster.bans.Banned;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.ExchangeStep;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.access.FakeExchange;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Password;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GuardedAccessTest {
  private static final Credentials ANNA =
      new Credentials(
          Namespace.NAMELESS,
          "c",
          "anna",
          null,
          new InetSocketAddress(InetAddress.ofLiteral("203.0.113.7"), 1),
          null);

  /** She has not said yet who she is. */
  private static final Credentials NOBODY =
      new Credentials(Namespace.NAMELESS, "c", null, null, ANNA.peer(), null);

  private final LiveBans bans = new LiveBans(() -> Instant.EPOCH);
  private final FakeAccess then = new FakeAccess();
  private final HoldOffs holdOffs =
      new HoldOffs(
          new HoldOffTerms(Duration.ofMinutes(5), Duration.ofMinutes(1), 2, 0, 0, List.of()),
          () -> Instant.EPOCH,
          () -> 0);
  private final GuardedAccess access = new GuardedAccess(new Guard(bans, holdOffs), then);

  private Object answer() {
    Authentication answer = access.authenticate(ANNA).resultNow();
    return answer instanceof Authentication.Refused(ReasonCode reason) ? reason : "accepted";
  }

  @Test
  void authenticate_bansNotKnown_isUnavailableAndNobodyElseIsAsked() {
    assertEquals(ReasonCode.SERVER_UNAVAILABLE, answer());
    assertEquals(List.of(), then.credentials);
  }

  @Test
  void authenticate_bannedWhoeverItIs_itsProofIsNotLookedAt() {
    for (String[] who : new String[][] {{"client-id", "c"}, {"address", "203.0.113.0/24"}}) {
      Ban ban = new Ban(Banned.of(who[0], who[1]), null, "", "", null, null);
      bans.follow(new Bans(1, List.of(ban)));

      assertEquals(ReasonCode.BANNED, answer());
    }
    assertEquals(List.of(), then.credentials);
  }

  @Test
  void isBanned_byItsUserName_whichHasToBeProved() {
    bans.follow(new Bans(1, List.of(new Ban(Banned.of("user", "anna"), null, "", "", null, null))));

    assertEquals("accepted", answer());
    assertTrue(access.isBanned(ANNA.identity(Namespace.NAMELESS)));
    assertFalse(access.isBanned(ANNA.identity(Namespace.NAMELESS, "bob")));
  }

  @Test
  void authenticate_wrongTooOften_isHeldOffWhileItsProofIsNotLookedAt() {
    bans.follow(Bans.NONE);
    CompletableFuture<Authentication> later = new CompletableFuture<>();
    then.answerConnect(later);
    for (int i = 0; i < 3; i++) {
      var _ = access.authenticate(ANNA);
    }
    later.complete(new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD));

    assertEquals(ReasonCode.BANNED, answer());
    assertEquals(3, then.credentials.size());
  }

  /** Else whoever tries a thousand at once had a thousand tries. */
  @Test
  void authenticate_manyAtOnce_thoseAnsweredTooLateAreNotToldWhetherTheyWereRight() {
    bans.follow(Bans.NONE);
    List<CompletableFuture<Authentication>> checks = new ArrayList<>();
    List<CompletableFuture<Authentication>> answers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      checks.add(new CompletableFuture<>());
      then.answerConnect(checks.getLast());
      answers.add(access.authenticate(ANNA));
    }
    Authentication wrong = new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    Authentication right = new Authentication.Accepted(ANNA.identity(Namespace.NAMELESS));

    checks.subList(0, 4).forEach(check -> check.complete(wrong));
    checks.getLast().complete(right);

    Authentication banned = new Authentication.Refused(ReasonCode.BANNED);
    assertEquals(
        List.of(wrong, wrong, wrong, banned, banned),
        answers.stream().map(CompletableFuture::resultNow).toList());
    assertEquals(2, holdOffs.turnedAway());
  }

  /** A password can be guessed where no user is named, too. */
  @Test
  void authenticate_wrongWithoutAUserName_isHeldOffIfItHasAPassword() {
    bans.follow(Bans.NONE);
    Authentication refused = new Authentication.Refused(ReasonCode.NOT_AUTHORIZED);
    then.answerConnect(CompletableFuture.completedFuture(refused));
    for (int i = 0; i < 10; i++) {
      assertEquals(refused, access.authenticate(NOBODY).resultNow());
    }

    Credentials guesser = NOBODY.with(new Password(new byte[] {1}));
    for (int i = 0; i < 3; i++) {
      assertEquals(refused, access.authenticate(guesser).resultNow());
    }
    assertEquals(
        new Authentication.Refused(ReasonCode.BANNED), access.authenticate(guesser).resultNow());
  }

  private ExchangeStep step(String said, @Nullable Identity present) {
    return access
        .begin(FakeExchange.METHOD, NOBODY, present)
        .orElseThrow()
        .next(said.getBytes(StandardCharsets.UTF_8))
        .resultNow();
  }

  private static @Nullable ReasonCode refusal(ExchangeStep step) {
    return step instanceof ExchangeStep.Decided(Authentication.Refused(ReasonCode reason), var _)
        ? reason
        : null;
  }

  /** The user is the one that it names in the exchange; "ask" and "eve" are names, too. */
  @Test
  void begin_wrongTooOften_isHeldOffByTheNameThatItSays() {
    assertEquals(ReasonCode.SERVER_UNAVAILABLE, refusal(step("anna", null)));
    bans.follow(Bans.NONE);
    for (int i = 0; i < 3; i++) {
      assertEquals(ReasonCode.BAD_USER_NAME_OR_PASSWORD, refusal(step("eve", null)));
    }

    assertEquals(ReasonCode.BANNED, refusal(step("eve", null)));

    assertTrue(step("ask", null) instanceof ExchangeStep.Challenge);
    assertEquals(null, refusal(step("anna", null)));
    Identity eve = ANNA.identity(Namespace.NAMELESS, "eve");
    assertEquals(
        ReasonCode.BAD_USER_NAME_OR_PASSWORD, refusal(step("eve", eve)), "she is connected");
  }

  @Test
  void begin_bannedWhoeverItIs_isRefused() {
    bans.follow(
        new Bans(1, List.of(new Ban(Banned.of("client-id", "c"), null, "", "", null, null))));

    assertEquals(ReasonCode.BANNED, refusal(step("anna", null)));
  }

  @Test
  void authenticate_nobodyWaitsAnyMore_theCheckIsTakenBack() {
    bans.follow(Bans.NONE);
    CompletableFuture<Authentication> check = new CompletableFuture<>();
    then.answerConnect(check);

    access.authenticate(ANNA).cancel(false);

    assertTrue(check.isCancelled());
  }

  @ParameterizedTest
  @EnumSource(
      value = ReasonCode.class,
      names = {"NOT_AUTHORIZED", "SERVER_BUSY", "SERVER_UNAVAILABLE", "BANNED"})
  void authenticate_refusedForWhatIsNoGuess_isNotHeldOff(ReasonCode reason) {
    bans.follow(Bans.NONE);
    then.answerConnect(CompletableFuture.completedFuture(new Authentication.Refused(reason)));

    for (int i = 0; i < 10; i++) {
      assertEquals(reason, answer());
    }
    assertEquals(10, then.credentials.size());
  }
}
