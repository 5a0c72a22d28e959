package io.vmqtt.gateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** AUTH without end, and a client that would become another. */
class BoundedExchangeTest {
  private static final Credentials CREDENTIALS =
      new Credentials(Namespace.NAMELESS, "c", null, null, null, null);

  @Test
  void next_challengesWithoutEnd_isRefused() {
    Exchange exchange = begin(null);
    for (int i = 0; i < BoundedExchange.MOST_STEPS; i++) {
      assertInstanceOf(ExchangeStep.Challenge.class, next(exchange, "ask"));
    }

    assertRefused(next(exchange, "ask"));
    assertRefused(next(exchange, "anna"));
  }

  @Test
  void next_moreDataThanAnybodyNeeds_isRefusedUnseen() {
    Exchange exchange = begin(null);

    assertInstanceOf(ExchangeStep.Challenge.class, next(exchange, "ask"));
    assertRefused(next(exchange, "x".repeat(BoundedExchange.MOST_BYTES + 1)));
    assertEquals("ask", exchange.userName());
  }

  @Test
  void next_whoIsSomebodyProvesToBeTheSame_isAccepted() {
    assertAccepted(next(begin(CREDENTIALS.identity(Namespace.NAMELESS, "anna")), "anna"));
    assertAccepted(next(begin(null), "anna"));
  }

  @Test
  void next_whoIsSomebodyProvesToBeAnother_isRefused() {
    assertRefused(next(begin(CREDENTIALS.identity(Namespace.NAMELESS, "bert")), "anna"));
    assertRefused(next(begin(CREDENTIALS.identity(Namespace.NAMELESS)), "anna"));
    assertRefused(next(begin(CREDENTIALS.identity(Namespace.of("other"), "anna")), "anna"));
  }

  @Test
  void next_nobodyWaitsAnyMore_theMechanismNeedNotAnswer() {
    FakeExchange fake = new FakeExchange(CREDENTIALS, null);
    CompletableFuture<ExchangeStep> answer =
        new BoundedExchange(fake, null).next("later".getBytes(StandardCharsets.UTF_8));

    answer.cancel(false);

    assertTrue(fake.open.getFirst().isCancelled());
  }

  private static Exchange begin(@Nullable Identity present) {
    Mechanism fake =
        new Mechanism() {
          @Override
          public String name() {
            return FakeExchange.METHOD;
          }

          @Override
          public Exchange begin(Credentials credentials) {
            return new FakeExchange(credentials, present);
          }
        };
    return new AuthenticationChain(List.of(), List.of(fake))
        .begin(FakeExchange.METHOD, CREDENTIALS, present)
        .orElseThrow();
  }

  private static ExchangeStep next(Exchange exchange, String data) {
    return exchange.next(data.getBytes(StandardCharsets.UTF_8)).join();
  }

  private static void assertRefused(ExchangeStep step) {
    assertEquals(
        new Authentication.Refused(ReasonCode.NOT_AUTHORIZED),
        assertInstanceOf(ExchangeStep.Decided.class, step).answer());
  }

  private static void assertAccepted(ExchangeStep step) {
    assertInstanceOf(
        Authentication.Accepted.class, assertInstanceOf(ExchangeStep.Decided.class, step).answer());
  }
}
