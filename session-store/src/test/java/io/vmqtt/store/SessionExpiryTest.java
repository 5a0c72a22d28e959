package io.vmqtt.store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vmqtt.proto.session.v1.Attached;
import io.vmqtt.proto.session.v1.Detach;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.store.config.StoreOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that does not keep sessions for ever. */
class SessionExpiryTest {
  private static final int FOR_EVER = -1;

  @TempDir private Path data;

  private StoreHarness store(String max) throws Exception {
    return new StoreHarness(StoreConfigs.of(data, Map.of(StoreOptions.MAX_SESSION_EXPIRY, max)), 1);
  }

  private static Attached attach(FakeRouter router, String clientId) throws Exception {
    return router.attach(FakeRouter.client(clientId, 7, 1).setSessionExpirySeconds(FOR_EVER));
  }

  @Test
  void attach_moreThanTheLimit_lessAndSaid() throws Exception {
    try (StoreHarness store = store("2h");
        FakeRouter router = store.router("router")) {
      assertEquals(7_200, attach(router, "alice").getSessionExpirySeconds());
      Attached modest = router.attach(FakeRouter.client("bob", 7, 2).setSessionExpirySeconds(60));
      assertEquals(60, modest.getSessionExpirySeconds());
    }
  }

  @Test
  void start_sessionsGrantedMoreBefore_endByTheLimit() throws Exception {
    try (StoreHarness store = store("0s");
        FakeRouter router = store.router("router")) {
      Attached forgotten = attach(router, "forgotten");
      assertEquals(FOR_EVER, forgotten.getSessionExpirySeconds());
      router.ask(
          ShardRequest.newBuilder()
              .setDetach(
                  Detach.newBuilder()
                      .setSession(forgotten.getSession())
                      .setEpoch(forgotten.getEpoch())
                      .setCause(Detach.Cause.CAUSE_NORMAL)));
    }
    try (StoreHarness store = store("1s");
        FakeRouter router = store.router("router")) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> store.meters.get("vmqtt.store.sessions").gauge().value() == 0);
      assertFalse(attach(router, "forgotten").getSessionPresent());
    }
  }
}
