package io.vmqtt.router.link;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.clusterkit.RecordingLink;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.message.v1.PublishRefusal;
import io.vmqtt.proto.message.v1.PublishResults;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouteChange;
import io.vmqtt.proto.routing.v1.RouteUpdate;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.store.v1.PublishesCommitted;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.proto.store.v1.ShardPublish;
import io.vmqtt.proto.store.v1.ShardRoutes;
import io.vmqtt.proto.store.v1.ShardState;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import io.vmqtt.router.config.RouterConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A router without links and threads: gateways and stores are what a test makes them say. */
final class RouterHarness {
  static final long MAX_UNDELIVERED_BYTES = 1 << 20;
  static final long UNDELIVERED_MEMORY_BYTES = 3 << 19;

  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final Router router =
      new Router(
          new RouterConfig(
              Duration.ofSeconds(3), MAX_UNDELIVERED_BYTES, UNDELIVERED_MEMORY_BYTES, 1024),
          7,
          new RouterMetrics(registry));

  private final int shards;

  /** A router that knows of so many shards. */
  RouterHarness(int shards) {
    this.shards = shards;
    router.shards(shards, true);
  }

  /** All routes of all shards are there, and no gateway is missing. */
  void becomesReady(TestStore store) {
    for (int shard = 0; shard < shards; shard++) {
      store.leadsInSync(shard, 1);
    }
    router.gatewaysDiscovered(Set.of());
    assertTrue(router.isReady());
  }

  double counter(String name) {
    return registry.get("vmqtt.router." + name).functionCounter().count();
  }

  /** A gateway with a link. */
  TestGateway gateway(long process) {
    return new TestGateway(process);
  }

  /** A store with a link. */
  TestStore store(String nodeId) {
    return new TestStore(nodeId);
  }

  /** A gateway, as it looks from the router. */
  final class TestGateway {
    final long process;
    RecordingLink<RouterFrame> link;
    GatewayPeer peer;

    private TestGateway(long process) {
      this.process = process;
      this.link = new RecordingLink<>("gateway-" + process, process);
      this.peer = router.gatewayUp(link);
      router.endTurn();
    }

    /** The gateway comes back with a new link. */
    void relink() {
      link = new RecordingLink<>("gateway-" + process, process);
      peer = router.gatewayUp(link);
      router.endTurn();
    }

    /** The link breaks; the count is what a timer would come back with. */
    int down() {
      int count = router.gatewayDown(peer, link);
      router.endTurn();
      return count;
    }

    void lost(int linksThen) {
      router.gatewayLost(peer, linksThen);
      router.endTurn();
    }

    void send(GatewayFrame... frames) {
      router.fromGateway(peer, List.of(frames));
      router.endTurn();
    }

    void subscribe(String... filters) {
      List<RouteChange> changes = new ArrayList<>();
      for (String filter : filters) {
        changes.add(RouteChange.newBuilder().setFilter(filter).setMembers(1).build());
      }
      send(routes(1, false, false, changes));
    }

    void publish(long sequence, String topic) {
      send(publishFrame(sequence, message(topic, sequence == 0 ? 0 : 1)));
    }

    void publish(long sequence, Message message) {
      send(publishFrame(sequence, message));
    }

    void receivedThrough(long sequence) {
      send(GatewayFrame.newBuilder().setReceivedThrough(sequence).build());
    }

    void request(long correlation, int shard) {
      send(
          GatewayFrame.newBuilder()
              .setRequest(ShardRequest.newBuilder().setCorrelation(correlation).setShard(shard))
              .build());
    }

    /** Publishes that it got since the last call of this method. */
    List<Publish> takePublishes() {
      return link.take(RouterFrame::hasPublish, RouterFrame::getPublish);
    }

    /** Results that it got since the last look, as {@code "3 safe"}. */
    List<String> takeResults() {
      return describe(link.take(RouterFrame::hasResults, RouterFrame::getResults));
    }
  }

  /** A store, as it looks from the router. */
  final class TestStore {
    final RecordingLink<RouterToStoreFrame> link;
    final StorePeer peer;

    private TestStore(String nodeId) {
      link = new RecordingLink<>(nodeId, 0);
      peer = router.storeUp(link);
      router.endTurn();
    }

    TestStore leads(int shard, long term) {
      state(shard, true, term);
      return this;
    }

    /** Says that it leads the shard, and that there are no routes. */
    TestStore leadsInSync(int shard, long term) {
      leads(shard, term).routes(shard, update(1, true, false, List.of()));
      return this;
    }

    void state(int shard, boolean leader, long term) {
      send(
          StoreToRouterFrame.newBuilder()
              .setState(ShardState.newBuilder().setShard(shard).setLeader(leader).setTerm(term))
              .build());
    }

    void down() {
      router.storeDown(peer);
      router.endTurn();
    }

    void send(StoreToRouterFrame... frames) {
      router.fromStore(peer, List.of(frames));
      router.endTurn();
    }

    void subscribe(int shard, String... filters) {
      List<RouteChange> changes = new ArrayList<>();
      for (String filter : filters) {
        changes.add(RouteChange.newBuilder().setFilter(filter).setMembers(1).build());
      }
      routes(shard, update(1, false, false, changes));
    }

    void routes(int shard, RouteUpdate update) {
      send(
          StoreToRouterFrame.newBuilder()
              .setRoutes(ShardRoutes.newBuilder().setShard(shard).setUpdate(update))
              .build());
    }

    void committed(int shard, long through, PublishRefusal... refused) {
      send(
          StoreToRouterFrame.newBuilder()
              .setCommitted(
                  PublishesCommitted.newBuilder()
                      .setShard(shard)
                      .setThrough(through)
                      .addAllRefused(List.of(refused)))
              .build());
    }

    void reply(ShardReply.Builder reply) {
      send(StoreToRouterFrame.newBuilder().setReply(reply).build());
    }

    List<ShardPublish> takePublishes() {
      return link.take(RouterToStoreFrame::hasPublish, RouterToStoreFrame::getPublish);
    }

    List<ShardRequest> takeRequests() {
      return link.take(RouterToStoreFrame::hasRequest, RouterToStoreFrame::getRequest);
    }

    List<String> takeResults() {
      return describe(link.take(RouterToStoreFrame::hasResults, RouterToStoreFrame::getResults));
    }
  }

  static Message message(String topic, int qos) {
    return Message.newBuilder().setTopic(topic).setQos(qos).build();
  }

  static Message message(String topic, int qos, int payloadBytes) {
    return message(topic, qos).toBuilder()
        .setPayload(ByteString.copyFrom(new byte[payloadBytes]))
        .build();
  }

  static GatewayFrame publishFrame(long sequence, Message message) {
    return GatewayFrame.newBuilder()
        .setPublish(Publish.newBuilder().setSequence(sequence).setMessage(message))
        .build();
  }

  static GatewayFrame routes(
      long version, boolean reset, boolean partial, List<RouteChange> changes) {
    return GatewayFrame.newBuilder().setRoutes(update(version, reset, partial, changes)).build();
  }

  static RouteUpdate update(
      long version, boolean reset, boolean partial, List<RouteChange> changes) {
    return RouteUpdate.newBuilder()
        .setVersion(version)
        .setReset(reset)
        .setPartial(partial)
        .addAllChanges(changes)
        .build();
  }

  static RouteChange change(String filter, String group, int members) {
    return RouteChange.newBuilder()
        .setFilter(filter)
        .setShareGroup(group)
        .setMembers(members)
        .build();
  }

  static PublishRefusal refusal(long sequence, int reasonCode) {
    return PublishRefusal.newBuilder().setSequence(sequence).setReasonCode(reasonCode).build();
  }

  private static List<String> describe(List<PublishResults> all) {
    List<String> results = new ArrayList<>();
    for (PublishResults one : all) {
      one.getSucceededList().forEach(sequence -> results.add(sequence + " safe"));
      one.getUnmatchedList().forEach(sequence -> results.add(sequence + " unmatched"));
      one.getRefusedList()
          .forEach(
              refusal ->
                  results.add(
                      refusal.getSequence()
                          + " refused "
                          + Integer.toHexString(refusal.getReasonCode())));
    }
    return results;
  }
}
