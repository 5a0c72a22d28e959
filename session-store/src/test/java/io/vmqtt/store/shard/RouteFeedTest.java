package io.vmqtt.store.shard;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.store.session.ShardState;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** For whom a SUBACK waits. */
class RouteFeedTest {
  private static final long LEASE_MILLIS = 4_000;

  private final RouteFeed feed = new RouteFeed(1, 0, new ShardState(1), LEASE_MILLIS);
  private final RouterPort routerA = port("a");
  private final RouterPort routerB = port("b");

  @Test
  void whenInForce_linkedRouterHasTheRoutes_atOnce() {
    linkedWithBoth();

    assertTrue(subscribe().get());
  }

  @Test
  void whenInForce_discoveredRouterWithoutLink_waitsForTheLease() {
    feed.routers(Set.of("a", "b"), 0);
    up(routerA);
    AtomicBoolean released = subscribe();

    feed.tick(LEASE_MILLIS - 1);
    assertFalse(released.get());
    feed.tick(LEASE_MILLIS);

    assertTrue(released.get());
  }

  @Test
  void whenInForce_linkOfADiscoveredRouterBreaks_waitsForTheLease() {
    linkedWithBoth();
    feed.down(routerB, 1_000);
    AtomicBoolean released = subscribe();

    feed.tick(1_000 + LEASE_MILLIS - 1);
    assertFalse(released.get(), "it may serve, and not have noticed");
    feed.tick(1_000 + LEASE_MILLIS);

    assertTrue(released.get());
  }

  @Test
  void whenInForce_routerComesBackWithinItsLease_whenItHasTheRoutes() {
    linkedWithBoth();
    feed.down(routerB, 1_000);
    AtomicBoolean released = subscribe();
    RouterPort again = port("b");

    feed.up(again);
    assertFalse(released.get());
    feed.applied(again, feed.version());

    assertTrue(released.get());
  }

  @Test
  void whenInForce_routerThatIsGoneFromDiscovery_isNotWaitedFor() {
    linkedWithBoth();
    feed.down(routerB, 1_000);
    AtomicBoolean released = subscribe();

    feed.routers(Set.of("a"), 1_001);

    assertTrue(released.get());
  }

  @Test
  void down_olderOfTwoLinksOfARouter_theNewerCounts() {
    linkedWithBoth();
    up(port("b"));

    feed.down(routerB, 1_000);

    assertTrue(subscribe().get());
  }

  private void linkedWithBoth() {
    feed.routers(Set.of("a", "b"), 0);
    up(routerA);
    up(routerB);
  }

  private void up(RouterPort port) {
    feed.up(port);
    feed.applied(port, feed.version());
  }

  private AtomicBoolean subscribe() {
    AtomicBoolean released = new AtomicBoolean();
    feed.whenInForce(() -> released.set(true));
    return released;
  }

  private static RouterPort port(String nodeId) {
    return new RouterPort(0, new RouterLink(RecordingLink.to(nodeId)));
  }
}
