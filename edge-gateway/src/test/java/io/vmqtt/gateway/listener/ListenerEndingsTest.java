package io.vmqtt.gateway.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.FakeAccess;
import io.vmqtt.gateway.access.bans.LiveBans;
import io.vmqtt.gateway.audit.Change;
import io.vmqtt.gateway.codec.EncodedPublish;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.gateway.link.Gateway;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What no listener needs any more, and takes long to end: connections to a database, say. */
class ListenerEndingsTest extends ChangingListeners {
  private final CountDownLatch ending = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final List<Change> told = new CopyOnWriteArrayList<>();

  /** Access control whose end waits. */
  private final class SlowToEnd implements Accesses {
    @Override
    public Access of(ListenerConfig listener) {
      return new FakeAccess();
    }

    @Override
    public void tell(Change change) {
      told.add(change);
    }

    @Override
    public List<Runnable> keepOnly(Collection<ListenerConfig> listeners) {
      return List.of(this::end);
    }

    private void end() {
      ending.countDown();
      try {
        mayEnd.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void change_whileWhatIsNotNeededEnds_doesNotWaitForIt() throws Exception {
    GatewayConfig config = impatient();
    Listeners listeners = new Listeners(config);
    Gateway gateway = gateway(config, listeners);
    try {
      listeners.open(gateway, new SlowToEnd(), LiveBans.none(), registry);
      assertEquals(Map.of(), listeners.change(List.of(tcp("one", 0)), null));
      assertTrue(ending.await(20, TimeUnit.SECONDS), "nothing ends");

      Map<String, String> failures =
          assertTimeoutPreemptively(
              Duration.ofSeconds(20), () -> listeners.change(List.of(tcp("other", 0)), null));

      assertEquals(Map.of(), failures);
      assertEquals(Set.of("default", "other"), listeners.ports().keySet());
      assertEquals(
          List.of(
              Change.of("listeners", null).with("opened", List.of("one")),
              Change.of("listeners", null)
                  .with("opened", List.of("other"))
                  .with("ended", List.of("one"))),
          told);
    } finally {
      mayEnd.countDown();
      listeners.close();
      gateway.close();
    }
  }

  private Gateway gateway(GatewayConfig config, Listeners listeners) throws IOException {
    return new Gateway(
        config,
        harness.discovery,
        harness.facts,
        Channels.IN_PROCESS,
        harness.ends(new Peer("another-gateway", 9, "t")),
        registry,
        listeners.eventLoops(),
        EncodedPublish.encoder());
  }
}
