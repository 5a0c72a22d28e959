package io.vmqtt.store.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.proto.session.v1.Attach;
import io.vmqtt.proto.session.v1.Detach;
import io.vmqtt.proto.session.v1.ShardRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionExpiryTest {
  private static final SessionExpiry HOUR = SessionExpiry.of(Duration.ofHours(1));

  private static ShardRequest attach(int seconds) {
    return ShardRequest.newBuilder()
        .setAttach(Attach.newBuilder().setClientId("c").setSessionExpirySeconds(seconds))
        .build();
  }

  private static ShardRequest detach(int seconds) {
    return ShardRequest.newBuilder()
        .setDetach(Detach.newBuilder().setSession(3).setSessionExpirySeconds(seconds))
        .build();
  }

  @Test
  void limit_moreAsked_lowered() {
    assertEquals(attach(3_600), HOUR.limit(attach(3_601)));
    assertEquals(attach(3_600), HOUR.limit(attach(-1)), "for ever");
    assertEquals(detach(3_600), HOUR.limit(detach(-1)));
  }

  @Test
  void limit_lessAsked_asItIs() {
    assertEquals(attach(0), HOUR.limit(attach(0)));
    assertEquals(detach(3_600), HOUR.limit(detach(3_600)));
    ShardRequest unchanged =
        ShardRequest.newBuilder().setDetach(Detach.newBuilder().setSession(3)).build();
    assertFalse(HOUR.limit(unchanged).getDetach().hasSessionExpirySeconds());
  }

  @Test
  void of_zero_noLimit() {
    assertEquals(SessionExpiry.UNLIMITED, SessionExpiry.of(Duration.ZERO));
    assertEquals(attach(-1), SessionExpiry.UNLIMITED.limit(attach(-1)));
    assertTrue(SessionExpiry.of(Duration.ofMillis(1)).isExceededBy(2));
  }
}
