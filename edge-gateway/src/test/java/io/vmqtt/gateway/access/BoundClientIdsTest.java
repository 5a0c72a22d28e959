package io.vmqtt.gateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoundClientIdsTest {
  private static final Authentication REFUSED =
      new Authentication.Refused(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%u        | anna | anna      | true",
        "%u        | anna | annas     | false",
        "%u        |      | anna      | false",
        "%u-*      | anna | anna-     | true",
        "%u-*      | anna | anna-a/b  | true",
        "%u-*      | anna | bert-anna | false",
        "%u-*      | .*   | anna-1    | false",
        "%u-*      | *    | anna-1    | false",
        "%u-*      | a-b  | a-b-1     | false",
        "%u-*      | a    | a-b-1     | true",
        "*-%u-x    | a-b  | 1-a-b-x   | false",
        "*-%u-x    | a    | 1-a-x     | true",
        "x-%u-y    | a-b  | x-a-b-y   | true",
        "%u--*     | x-   | x---1     | false",
        "%u--*     | x    | x---1     | true",
        "*::%u     | :x   | 1:::x     | false",
        "*::%u     | x    | 1::x      | true",
        "*a*b*     |      | xaxxbab   | true",
        "*a*b      |      | xaxxba    | false",
        "dev.%u    | 7    | dev.7     | true",
        "dev.%u    | 7    | devx7     | false",
        "*         |      | anything  | true",
        "gateway-* |      | gateway-3 | true",
      })
  void authenticate_userIsLetIn_onlyWithAClientIdThatIsForHim(
      String pattern, @Nullable String user, String clientId, boolean allowed) {
    Credentials credentials = new Credentials(Namespace.NAMELESS, clientId, user, null, null, null);
    Authentication accepted = new Authentication.Accepted(credentials.identity(Namespace.NAMELESS));

    assertEquals(
        allowed ? accepted : REFUSED,
        new BoundClientIds(
                new ClientIds(pattern), said -> CompletableFuture.completedFuture(accepted))
            .authenticate(credentials)
            .join());
  }

  @Test
  void authenticate_nobodyWaitsAnyMore_whoIsAskedIsTold() {
    CompletableFuture<Authentication> asked = new CompletableFuture<>();

    new BoundClientIds(new ClientIds("%u"), said -> asked)
        .authenticate(new Credentials(Namespace.NAMELESS, "c", "u", null, null, null))
        .cancel(false);

    assertTrue(asked.isCancelled());
  }

  @ParameterizedTest
  @CsvSource({"anna, true", "bert, false"})
  void begin_exchangeProvesWhoItIs_theSameHolds(String clientId, boolean allowed) {
    Exchange exchange =
        new BoundClientIds(
                new ClientIds("%u"), new ComposedAccess(new FakeAccess(), new FakeAccess()))
            .begin(
                FakeExchange.METHOD,
                new Credentials(Namespace.NAMELESS, clientId, null, null, null, null),
                null)
            .orElseThrow();

    assertInstanceOf(ExchangeStep.Challenge.class, next(exchange, "ask"));
    Authentication answer =
        assertInstanceOf(ExchangeStep.Decided.class, next(exchange, "anna")).answer();
    assertEquals(allowed, answer instanceof Authentication.Accepted);
    assertEquals(!allowed, answer.equals(REFUSED));
    assertEquals("anna", exchange.userName());
  }

  private static ExchangeStep next(Exchange exchange, String said) {
    return exchange.next(said.getBytes(StandardCharsets.UTF_8)).join();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%u*", "*%u", "%u-%u", "*-%u-*"})
  void pattern_thatCannotBe_isRefused(String pattern) {
    assertThrows(IllegalArgumentException.class, () -> new ClientIds(pattern));
  }
}
