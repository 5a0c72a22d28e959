package io.vmqtt.gateway.access;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CompletedExchangeTest {
  private static final Authentication REFUSED = new Authentication.Refused(ReasonCode.BANNED);

  private final FakeExchange then =
      new FakeExchange(new Credentials(Namespace.NAMELESS, "c", null, null, null, null), null);
  private final CompletableFuture<Authentication> answer = new CompletableFuture<>();
  private final Exchange exchange = new CompletedExchange(then, _ -> answer);

  private ExchangeStep next(String data) {
    CompletableFuture<ExchangeStep> step = exchange.next(data.getBytes(StandardCharsets.UTF_8));
    assertFalse(step.isDone());
    answer.complete(REFUSED);
    return step.join();
  }

  @Test
  void next_challenge_isThatOfTheOther() {
    ExchangeStep step = exchange.next("ask".getBytes(StandardCharsets.UTF_8)).join();

    assertArrayEquals(
        ((ExchangeStep.Challenge) FakeExchange.challenge()).data(),
        ((ExchangeStep.Challenge) step).data());
    assertEquals("ask", exchange.userName());
  }

  @Test
  void next_decided_waitsForTheAnswerThatIsMadeOfIt() {
    ExchangeStep.Decided decided = (ExchangeStep.Decided) next("anna");

    assertEquals(REFUSED, decided.answer());
    assertArrayEquals(((ExchangeStep.Decided) then.accepted()).data(), decided.data());
  }

  @Test
  void unheard_theOtherHearsOfIt() {
    exchange.unheard();

    assertTrue(then.unheard);
  }
}
