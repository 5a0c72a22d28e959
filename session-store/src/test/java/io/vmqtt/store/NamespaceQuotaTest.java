package io.vmqtt.store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.namespaces.NamespaceTerms;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.cluster.namespaces.NamespacesFact;
import io.vmqtt.model.Consistency;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quota;
import io.vmqtt.model.Quotas;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.ScopedName;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.session.v1.Attached;
import io.vmqtt.proto.session.v1.Detach;
import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.store.v1.PublishesCommitted;
import io.vmqtt.store.config.StoreConfig;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store keeps namespaces within what the cluster says that they may have, while it runs. */
class NamespaceQuotaTest {
  private static final Namespace SMALL = Namespace.of("small");

  @TempDir private Path data;
  private long version;

  private void allow(StoreHarness store, Quota quota, long limit) throws Exception {
    NamespaceTerms terms = new NamespaceTerms(new Quotas(Map.of(quota, limit)), Consistency.STRONG);
    Namespaces next = new Namespaces(++version, Map.of(SMALL, terms));
    var fact = store.facts.of(NamespacesFact.NAMESPACES);
    assertTrue(version == 1 ? fact.create(next).equals(next) : fact.replace(inForce, next));
    inForce = next;
  }

  private Namespaces inForce = Namespaces.NONE;

  private static ShardReply attach(FakeRouter router, String clientId) throws Exception {
    return router.ask(
        ShardRequest.newBuilder()
            .setAttach(FakeRouter.client(ScopedName.of(SMALL, clientId), 7, clientId.hashCode())));
  }

  private static Message retained(String topic, String payload) {
    return FakeRouter.message(ScopedName.of(SMALL, topic), 1, payload).toBuilder()
        .setRetain(true)
        .build();
  }

  private static double gauge(StoreHarness store, String name) {
    return store
        .meters
        .get("vmqtt.store.namespace." + name)
        .tag("namespace", SMALL.name())
        .gauge()
        .value();
  }

  private static void awaitGauge(StoreHarness store, String name, double value) {
    await().ignoreExceptions().until(() -> gauge(store, name) == value);
  }

  @Test
  void attach_beyondTheSessions_refused_untilThereMayBeMore() throws Exception {
    try (StoreHarness store = new StoreHarness(data);
        FakeRouter router = store.router("router")) {
      allow(store, Quota.SESSIONS, 1);
      awaitGauge(store, "sessions", 0);
      assertTrue(attach(router, "a").hasAttached());

      ShardReply refused = attach(router, "b");

      assertEquals(Failure.Reason.REASON_QUOTA_EXCEEDED, refused.getFailure().getReason());
      assertTrue(router.attach(FakeRouter.client("b", 7, 9)).getSession() > 0, "elsewhere");
      awaitGauge(store, "sessions", 1);
      allow(store, Quota.SESSIONS, 2);
      await().until(() -> attach(router, "b").hasAttached());
    }
  }

  /** What a share is comes from the number of shards. */
  @Test
  void attach_severalShards_eachHasAnEqualPart() throws Exception {
    try (StoreHarness store = new StoreHarness(StoreConfig.defaults(data), 2);
        FakeRouter router = store.router("router")) {
      allow(store, Quota.SESSIONS, 3);
      awaitGauge(store, "sessions", 0);

      // The gauge is there when the first of the shards leads, which may be another.
      await().until(() -> attach(router, "a").hasAttached());
      assertTrue(attach(router, "b").hasAttached());
      assertTrue(attach(router, "c").hasFailure());
    }
  }

  @Test
  void retain_beyondTheBytes_refused_andCountedAnewByTheNextToLead() throws Exception {
    try (StoreHarness store = new StoreHarness(data);
        FakeRouter router = store.router("router")) {
      router.publishSafely(retained("a", "x".repeat(500)));
    }
    try (StoreHarness store = new StoreHarness(data)) {
      allow(store, Quota.RETAINED_BYTES, 1_000);
      try (FakeRouter router = store.router("router")) {
        int there = 32 + ScopedName.of(SMALL, "a").length() + 500;
        awaitGauge(store, "retained.bytes", there);

        long last = router.publish(retained("b", "x".repeat(500)), null);

        PublishesCommitted answer = FakeRouter.poll(router.committed);
        assertEquals(last, answer.getThrough());
        assertEquals(ReasonCode.QUOTA_EXCEEDED.value(), answer.getRefused(0).getReasonCode());
        router.publishSafely(retained("a", ""));
        router.publishSafely(retained("b", "x".repeat(500)));
        assertEquals(
            1,
            store
                .meters
                .get("vmqtt.store.namespace.refused")
                .tag("quota", "retained-bytes")
                .functionCounter()
                .count());
      }
    }
  }

  @Test
  void publish_beyondTheQueues_oldestGoes_alsoForWhoReplaysTheLog() throws Exception {
    try (StoreHarness store = new StoreHarness(data);
        FakeRouter router = store.router("router")) {
      allow(store, Quota.QUEUE_BYTES, 1_200);
      awaitGauge(store, "queue.bytes", 0);
      Attached away = attach(router, "away").getAttached();
      router.subscribe(away, ScopedName.of(SMALL, "t"), 1);
      router.ask(FakeRouter.detach(away, Detach.Cause.CAUSE_NORMAL, 0));
      for (int i = 0; i < 4; i++) {
        router.publishSafely(FakeRouter.message(ScopedName.of(SMALL, "t"), 1, "x".repeat(500)));
      }
      double queued = 2.0 * (32 + ScopedName.of(SMALL, "t").length() + 500);
      awaitGauge(store, "queue.bytes", queued);
      assertEquals(2, store.meters.get("vmqtt.store.messages.dropped").functionCounter().count());
    }
    try (StoreHarness store = new StoreHarness(data)) {
      await()
          .ignoreExceptions()
          .until(() -> store.meters.get("vmqtt.store.queue.messages").gauge().value() == 2);
    }
  }
}
