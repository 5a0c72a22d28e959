package io.vmqtt.gateway.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.ExchangeStep;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.access.FakeExchange;
import io.vmqtt.gateway.audit.AuditedAccess;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WayAccessTest {
  private static final Credentials ANNA =
      new Credentials(Namespace.NAMELESS, "c", "anna", null, null, null);

  private final List<String> told = new ArrayList<>();
  private final FakeAccess decides = new FakeAccess();
  private final AtomicReference<Access> live =
      new AtomicReference<>(
          new AuditedAccess(
              "plant", decides, (event, rule) -> told.add(event.kind() + " " + event.reason())));
  private boolean isPresent = true;
  private final WayAccess access = new WayAccess(live, () -> isPresent);

  @Test
  void authenticate_clientsComeAnotherWay_isRefusedAndTold() {
    assertInstanceOf(Authentication.Accepted.class, access.authenticate(ANNA).resultNow());
    isPresent = false;

    assertEquals(
        new Authentication.Refused(ReasonCode.SERVER_UNAVAILABLE),
        access.authenticate(ANNA).resultNow());

    assertEquals(List.of("CONNECT SUCCESS", "CONNECT SERVER_UNAVAILABLE"), told);
    assertEquals(1, decides.credentials.size(), "another one does not judge it");
  }

  @Test
  void refusedUnasked_isToldToWhoIsAskedNow() {
    access.refusedUnasked(ANNA.identity(Namespace.NAMELESS), ReasonCode.PACKET_TOO_LARGE);

    assertEquals(List.of("CONNECT PACKET_TOO_LARGE"), told);
    assertTrue(decides.credentials.isEmpty());
  }

  @Test
  void begin_clientsComeAnotherWay_isRefusedAndToldButWhoIsThereProvesAgain() {
    isPresent = false;

    assertEquals(
        new Authentication.Refused(ReasonCode.SERVER_UNAVAILABLE),
        assertInstanceOf(
                ExchangeStep.Decided.class,
                access
                    .begin(FakeExchange.METHOD, ANNA, null)
                    .orElseThrow()
                    .next("anna".getBytes(StandardCharsets.UTF_8))
                    .resultNow())
            .answer());

    assertEquals(List.of("CONNECT SERVER_UNAVAILABLE"), told);
    assertTrue(decides.exchanges.isEmpty());
    assertTrue(
        access.begin(FakeExchange.METHOD, ANNA, ANNA.identity(Namespace.NAMELESS)).isPresent());
    assertEquals(1, decides.exchanges.size());
  }
}
