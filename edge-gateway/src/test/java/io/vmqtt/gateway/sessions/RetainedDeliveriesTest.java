package io.vmqtt.gateway.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.connection.ClientOutput.Outgoing;
import io.vmqtt.gateway.connection.Cluster.AttachCallback;
import io.vmqtt.gateway.connection.Cluster.AttachRequest;
import io.vmqtt.gateway.connection.DurableDelivery;
import io.vmqtt.gateway.connection.Session;
import io.vmqtt.gateway.connection.SharedMessage;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.SubscriptionOptions;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.session.v1.Delivery;
import io.vmqtt.proto.session.v1.DeliveryTarget;
import io.vmqtt.proto.session.v1.Enqueue;
import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.ReadRetained;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Retained messages on their way to clients that take them as they can. */
class RetainedDeliveriesTest {
  private static final Subscription ALL = subscription("#", 1);

  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();
  private final Client client = new Client();

  @AfterEach
  void close() {
    gateway.close();
  }

  /** A client with room for so many further messages. */
  private static final class Client implements AttachCallback {
    private @Nullable Session session;
    private @Nullable ReasonCode lost;
    private int room;
    private int taken;
    private int pushes;

    private Session session() {
      if (session == null) {
        throw new IllegalStateException("not attached");
      }
      return session;
    }

    private void room(int more) {
      room += more;
      session().roomForMore();
    }

    @Override
    public void attached(
        Session owned, boolean sessionPresent, @Nullable Long sessionExpirySeconds) {
      session = owned;
    }

    @Override
    public void unavailable() {}

    @Override
    public void refused(ReasonCode reason) {}

    @Override
    public void lost(ReasonCode reason) {
      lost = reason;
    }

    @Override
    public void deliver(DurableDelivery delivery) {
      pushes++;
    }

    @Override
    public Delivered deliver(
        Outgoing message, io.vmqtt.model.Delivery delivery, @Nullable SharedMessage shared) {
      return Delivered.DROPPED;
    }

    @Override
    public boolean takesMore() {
      return false;
    }

    @Override
    public boolean hasRoom() {
      return room > 0;
    }

    @Override
    public boolean deliverRetained(Outgoing message, io.vmqtt.model.Delivery delivery) {
      if (room == 0) {
        return false;
      }
      room--;
      taken++;
      return true;
    }

    @Override
    public long deliveredThrough() {
      return 0;
    }
  }

  private static Subscription subscription(String filter, int qos) {
    return new Subscription(TopicFilter.parse(filter), SubscriptionOptions.of(Qos.of(qos)), 7);
  }

  private void attach(long sessionExpirySeconds) {
    attach("client", sessionExpirySeconds, client);
  }

  /** Returns the gateway's number of the connection. */
  private long attach(String clientId, long sessionExpirySeconds, Client who) {
    gateway
        .lane()
        .attach(new AttachRequest(clientId, false, sessionExpirySeconds, 10, null, null), who);
    gateway.runUntil(() -> who.session != null);
    return router.requests().stream()
        .filter(ShardRequest::hasAttach)
        .toList()
        .getLast()
        .getAttach()
        .getConnection();
  }

  private void retain(int messages, int qos, int payloadBytes) {
    for (int i = 0; i < messages; i++) {
      Message message = message(String.format("t/%04d", i), qos, payloadBytes);
      router.retained.put(message.getTopic(), message);
    }
  }

  private static Message message(String topic, int qos, int payloadBytes) {
    return Message.newBuilder()
        .setTopic(topic)
        .setQos(qos)
        .setRetain(true)
        .setPayload(ByteString.copyFrom(new byte[payloadBytes]))
        .build();
  }

  private List<ReadRetained> reads() {
    return router.requests().stream()
        .filter(ShardRequest::hasReadRetained)
        .map(ShardRequest::getReadRetained)
        .toList();
  }

  private List<Enqueue> enqueued() {
    return router.requests().stream()
        .filter(ShardRequest::hasEnqueue)
        .map(ShardRequest::getEnqueue)
        .filter(one -> one.getMessagesCount() > 0)
        .toList();
  }

  @Test
  void sendRetained_clientTakesAFewAtATime_getsAllOnce() {
    retain(250, 1, 10);
    attach(0);
    client.session().sendRetained(List.of(ALL));
    for (int taken = 0; taken < 250; taken += 50) {
      int through = taken + 50;
      client.room(50);
      gateway.runUntil(() -> client.taken == through);
    }
    client.room(50);
    gateway.runUntil(() -> reads().size() >= 6);
    assertEquals(250, client.taken);
  }

  /** Of a page of large messages nothing is kept for a client that is not there to take it. */
  @Test
  void sendRetained_largeMessagesToAClientWithLittleRoom_areReadAgain() {
    retain(3, 1, RetainedReading.HELD_BYTES);
    attach(0);
    client.room = 1;
    client.session().sendRetained(List.of(ALL));
    gateway.runUntil(() -> client.taken == 1);
    client.room(2);
    gateway.runUntil(() -> client.taken == 3);
    assertEquals(
        List.of("", "t/0000"),
        reads().stream().map(ReadRetained::getAfterTopic).distinct().toList());
  }

  @Test
  void sendRetained_pageThatWaits_countsUntilItIsTakenOrTheSessionEnds() {
    retain(3, 1, 1_000);
    attach(0);
    client.room = 1;
    client.session().sendRetained(List.of(ALL));
    gateway.runUntil(() -> client.taken == 1);
    gateway.loop.runAll();
    long waiting = gateway.lane().memory().bytes();
    assertTrue(waiting > 2_000, () -> waiting + " bytes");

    client.room(1);
    assertTrue(gateway.lane().memory().bytes() < waiting);
    client.session().detach(true, null, 0);
    assertEquals(0, gateway.lane().memory().bytes());
  }

  /** Many clients that take nothing must not fill memory with the little that each keeps. */
  @Test
  void sendRetained_memoryIsTight_nothingIsKeptAndAllComesAgain() {
    retain(3, 1, 10);
    attach(0);
    long others = GatewayHarness.CLIENT_MEMORY_BYTES;
    gateway.lane().memory().add(others);
    client.room = 1;
    client.session().sendRetained(List.of(ALL));
    gateway.runUntil(() -> client.taken == 1);
    gateway.loop.runAll();
    assertEquals(others, gateway.lane().memory().bytes());

    client.room(2);
    gateway.runUntil(() -> client.taken == 3);
  }

  @Test
  void sendRetained_noRoom_nothingIsAskedFor() {
    retain(1, 1, 10);
    attach(0);
    client.session().sendRetained(List.of(ALL));
    gateway.loop.runAll();
    assertEquals(List.of(), reads());
    client.room(1);
    gateway.runUntil(() -> client.taken == 1);
  }

  @Test
  void sendRetained_thousandsOfTopics_oneRequestForMany() {
    attach(0);
    client.room = 1;
    client
        .session()
        .sendRetained(IntStream.range(0, 2_000).mapToObj(i -> subscription("x/" + i, 1)).toList());
    gateway.runUntil(() -> reads().stream().mapToInt(ReadRetained::getTopicsCount).sum() == 2_000);
    assertTrue(reads().size() <= 2 * GatewayHarness.SHARDS, () -> reads().size() + " requests");
  }

  @Test
  void sendRetained_tooManyReadAtThatShard_askedAgain() {
    retain(1, 1, 10);
    attach(0);
    router.holdRequests();
    client.room = 1;
    client.session().sendRetained(List.of(subscription("t/0000", 1)));
    gateway.runUntil(() -> reads().size() == 1);
    router.answerRequests();
    router.reply(
        ShardReply.newBuilder()
            .setCorrelation(router.requests().getLast().getCorrelation())
            .setFailure(Failure.newBuilder().setReason(Failure.Reason.REASON_QUOTA_EXCEEDED)));
    gateway.runUntil(() -> reads().size() == 2);
  }

  /** Nothing that was promised is left out in silence. */
  @Test
  void sendRetained_shardCallsTheRequestInvalid_connectionEnds() {
    attach(0);
    router.holdRequests();
    client.room = 1;
    client.session().sendRetained(List.of(subscription("t/0000", 1)));
    gateway.runUntil(() -> reads().size() == 1);
    router.reply(
        ShardReply.newBuilder()
            .setCorrelation(router.requests().getLast().getCorrelation())
            .setFailure(Failure.newBuilder().setReason(Failure.Reason.REASON_INVALID)));
    gateway.runUntil(() -> client.lost != null);
    assertEquals(ReasonCode.UNSPECIFIED_ERROR, client.lost);
  }

  /** What was read before it would be a step back. */
  @Test
  void sendRetained_liveMessageOvertakesThePage_retainedOneIsLeftOut() {
    retain(2, 1, 10);
    attach(0);
    client.session().subscribe(List.of(ALL), 100, subscribed -> {});
    router.holdRequests();
    client.room = 5;
    client.session().sendRetained(List.of(ALL));
    gateway.runUntil(() -> reads().size() == GatewayHarness.SHARDS);
    long before = gateway.lane().recentTopics().mark();
    router.send(
        RouterFrame.newBuilder()
            .setPublish(Publish.newBuilder().setMessage(message("t/0000", 0, 10))));
    gateway.runUntil(() -> gateway.lane().recentTopics().mark() > before);

    answerReads();
    gateway.runUntil(() -> client.taken > 0);

    assertEquals(1, client.taken);
  }

  /** It may have waited in that one's queue: nobody else has heard it. */
  @Test
  void sendRetained_pushToAnotherSessionSince_retainedOneComes() {
    retain(1, 1, 10);
    Client other = new Client();
    long connection = attach("other", 3600, other);
    attach(0);
    router.holdReads();
    client.room = 5;
    client.session().sendRetained(List.of(ALL));
    gateway.runUntil(() -> reads().size() == GatewayHarness.SHARDS);
    push(connection);
    gateway.runUntil(() -> other.pushes == 1);

    answerReads();
    gateway.runUntil(() -> client.taken == 1);
  }

  @Test
  void sendRetained_pushToThisDurableSessionSince_retainedOneIsLeftOut() {
    retain(2, 0, 10);
    long connection = attach("client", 3600, client);
    client.room = 5;
    router.holdReads();
    client.session().sendRetained(List.of(ALL));
    gateway.runUntil(() -> reads().size() == GatewayHarness.SHARDS);
    push(connection);
    gateway.runUntil(() -> client.pushes == 1);

    answerReads();
    gateway.runUntil(() -> client.taken == 1);
    gateway.loop.runAll();
    assertEquals(1, client.taken);
  }

  private void push(long connection) {
    router.send(
        RouterFrame.newBuilder()
            .setDelivery(
                Delivery.newBuilder()
                    .setGateway(GatewayHarness.PROCESS)
                    .setMessage(message("t/0000", 1, 10))
                    .addTargets(
                        DeliveryTarget.newBuilder()
                            .setConnection(connection)
                            .setSequence(1)
                            .setPacketId(1)
                            .setQos(1))));
  }

  private void answerReads() {
    router.requests().stream()
        .filter(ShardRequest::hasReadRetained)
        .forEach(request -> router.reply(router.favourable(request)));
  }

  @Test
  void unsubscribe_whileRetainedMessagesCome_theyEnd() {
    retain(250, 1, 10);
    attach(0);
    client.session().subscribe(List.of(ALL), 100, subscribed -> {});
    client.room = 10;
    client.session().sendRetained(List.of(ALL));
    gateway.runUntil(() -> client.taken == 10);
    client.session().unsubscribe(List.of(ALL.filter()), existed -> {});
    int reads = reads().size();
    client.room(1_000);
    gateway.loop.runAll();
    assertEquals(10, client.taken);
    assertEquals(reads, reads().size());
  }

  /** They go through its queue at its shard, but for those that no queue holds. */
  @Test
  void sendRetained_durableSession_queuedByTheirQos() {
    retain(4, 1, 10);
    router.retained.put("t/0001", message("t/0001", 0, 10));
    attach(3600);
    client.room = 10;
    client.session().sendRetained(List.of(ALL));
    gateway.runUntil(() -> enqueued().stream().mapToInt(Enqueue::getMessagesCount).sum() == 3);
    gateway.runUntil(() -> client.taken == 1);
    assertEquals(7, enqueued().getFirst().getSubscriptionIdentifier());
    assertFalse(
        enqueued().getFirst().getMessages(0).getRetain(),
        "when it is pushed, other readers would take it for one that has just been published");
  }

  @Test
  void detach_shardHadNoLeader_saidAgain() {
    attach(0);
    router.holdRequests();
    client.session().detach(true, null, 0);
    gateway.runUntil(() -> router.requests().getLast().hasDetach());
    router.answerRequests();
    int before = router.requests().size();
    router.reply(
        ShardReply.newBuilder()
            .setCorrelation(router.requests().getLast().getCorrelation())
            .setFailure(Failure.newBuilder().setReason(Failure.Reason.REASON_UNAVAILABLE)));
    gateway.runUntil(() -> router.requests().size() > before);
    assertTrue(router.requests().getLast().hasDetach());
  }

  @Test
  void add_moreReadsThanMayBeAtOnce_wait() {
    RetainedReads reads = new RetainedReads();
    int[] begun = new int[1];
    for (int i = 0; i < RetainedReads.AT_ONCE + 2; i++) {
      reads.add(() -> begun[0]++);
    }
    assertEquals(RetainedReads.AT_ONCE, begun[0]);
    assertEquals(2, reads.waiting());
    reads.done();
    assertEquals(RetainedReads.AT_ONCE + 1, begun[0]);
  }
}
