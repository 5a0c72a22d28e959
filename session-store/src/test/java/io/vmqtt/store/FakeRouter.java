package io.vmqtt.store;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.link.Link;
import io.vmqtt.cluster.link.LinkClient;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkListener;
import io.vmqtt.cluster.link.LinkMetrics;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.wire.FrameSize;
import io.vmqtt.cluster.wire.LinkFormat;
import io.vmqtt.proto.message.v1.IdempotencyKey;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.message.v1.PublishResults;
import io.vmqtt.proto.message.v1.ShareChoice;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouteChange;
import io.vmqtt.proto.routing.v1.RouteUpdate;
import io.vmqtt.proto.session.v1.Acknowledge;
import io.vmqtt.proto.session.v1.Attach;
import io.vmqtt.proto.session.v1.Attached;
import io.vmqtt.proto.session.v1.BeginInbound;
import io.vmqtt.proto.session.v1.Delivery;
import io.vmqtt.proto.session.v1.Detach;
import io.vmqtt.proto.session.v1.Disconnect;
import io.vmqtt.proto.session.v1.Receive;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.session.v1.Subscribe;
import io.vmqtt.proto.session.v1.Subscription;
import io.vmqtt.proto.store.v1.Following;
import io.vmqtt.proto.store.v1.PublishesCommitted;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.proto.store.v1.RoutesApplied;
import io.vmqtt.proto.store.v1.SessionStoreGrpc;
import io.vmqtt.proto.store.v1.Settled;
import io.vmqtt.proto.store.v1.ShardPublish;
import io.vmqtt.proto.store.v1.ShardRoom;
import io.vmqtt.proto.store.v1.ShardState;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A router of shard 0 as far as a store can tell: what comes in is kept for the test to look at.
 */
final class FakeRouter
    implements LinkListener<RouterToStoreFrame, StoreToRouterFrame>, AutoCloseable {
  private static final long DEADLINE_SECONDS = 20;

  final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
  final BlockingQueue<Disconnect> disconnects = new LinkedBlockingQueue<>();
  final BlockingQueue<Publish> wills = new LinkedBlockingQueue<>();
  final BlockingQueue<ShardRoom> rooms = new LinkedBlockingQueue<>();
  final BlockingQueue<RouteUpdate> routeUpdates = new LinkedBlockingQueue<>();
  final BlockingQueue<PublishesCommitted> committed = new LinkedBlockingQueue<>();
  final Map<String, Integer> routes = new ConcurrentHashMap<>();
  final AtomicLong lastPublish = new AtomicLong();
  private final AtomicLong settledThrough = new AtomicLong();
  volatile boolean confirmsRoutes = true;

  /** Whether everything reaches its subscribers at once. */
  volatile boolean settles = true;

  volatile long routesVersion;
  private final Map<Long, CompletableFuture<ShardReply>> replies = new ConcurrentHashMap<>();
  private final AtomicLong correlations = new AtomicLong();
  private final CompletableFuture<Void> leader = new CompletableFuture<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final String storeId;
  private final ManagedChannel channel;
  private final LinkClient client;
  private volatile @Nullable Link<RouterToStoreFrame> link;

  FakeRouter(String storeId, String nodeId) {
    this.storeId = storeId;
    channel = InProcessChannelBuilder.forName(storeId).directExecutor().build();
    client =
        new LinkEnds(new Peer(nodeId, nodeId.hashCode(), "test"), LinkOptions.IN_PROCESS, timer)
            .connect(
                "store",
                channel,
                SessionStoreGrpc.getConnectMethod(),
                LinkFormat.ROUTER_TO_STORE,
                LinkFormat.STORE_TO_ROUTER,
                this,
                new LinkMetrics(new SimpleMeterRegistry(), "router-store"));
  }

  /** The store that it is linked to. */
  String storeId() {
    return storeId;
  }

  /** Completes when the store leads the shard. */
  CompletableFuture<Void> leading() {
    return leader;
  }

  /** Waits until the store leads the shard. */
  FakeRouter ready() throws Exception {
    leader.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    return this;
  }

  void send(RouterToStoreFrame frame, int bytes) {
    Link<RouterToStoreFrame> up = link;
    if (up == null) {
      throw new IllegalStateException("no link");
    }
    up.send(frame, bytes);
  }

  CompletableFuture<ShardReply> request(ShardRequest.Builder request) {
    long correlation = correlations.incrementAndGet();
    CompletableFuture<ShardReply> reply = new CompletableFuture<>();
    replies.put(correlation, reply);
    send(
        RouterToStoreFrame.newBuilder().setRequest(request.setCorrelation(correlation)).build(),
        FrameSize.SMALL_BYTES);
    return reply;
  }

  ShardReply ask(ShardRequest.Builder request) throws Exception {
    return request(request).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  Attached attach(Attach.Builder attach) throws Exception {
    ShardReply reply = ask(ShardRequest.newBuilder().setAttach(attach));
    if (!reply.hasAttached()) {
      throw new IllegalStateException("not attached: " + reply);
    }
    return reply.getAttached();
  }

  ShardReply subscribe(Attached session, String filter, int qos) throws Exception {
    return ask(
        ShardRequest.newBuilder()
            .setSubscribe(
                Subscribe.newBuilder()
                    .setSession(session.getSession())
                    .setEpoch(session.getEpoch())
                    .addSubscriptions(
                        Subscription.newBuilder().setFilter(filter).setMaximumQos(qos))));
  }

  /** The client does without a delivery that it may not have. */
  void withhold(Attached session, long sequence) {
    send(
        RouterToStoreFrame.newBuilder()
            .setRequest(
                ShardRequest.newBuilder()
                    .setAcknowledge(
                        Acknowledge.newBuilder()
                            .setSession(session.getSession())
                            .setEpoch(session.getEpoch())
                            .addSequences(sequence)
                            .addWithheld(sequence)))
            .build(),
        FrameSize.SMALL_BYTES);
  }

  void acknowledge(Attached session, long... sequences) {
    Acknowledge.Builder acknowledge =
        Acknowledge.newBuilder().setSession(session.getSession()).setEpoch(session.getEpoch());
    for (long sequence : sequences) {
      acknowledge.addSequences(sequence);
    }
    send(
        RouterToStoreFrame.newBuilder()
            .setRequest(ShardRequest.newBuilder().setAcknowledge(acknowledge))
            .build(),
        FrameSize.SMALL_BYTES);
  }

  /** Publishes at the QoS of the message; returns the number that the store will confirm. */
  long publish(Message message, @Nullable IdempotencyKey key) {
    long sequence = message.getQos() == 0 ? 0 : lastPublish.incrementAndGet();
    ShardPublish.Builder publish =
        ShardPublish.newBuilder()
            .setSequence(sequence)
            .setMessage(message)
            .setDeliver(true)
            .setRetain(message.getRetain());
    if (key != null) {
      publish.setKey(key);
    }
    send(RouterToStoreFrame.newBuilder().setPublish(publish).build(), FrameSize.of(message));
    return sequence;
  }

  /** Publishes to members of a share group alone, and waits for the commit. */
  void leaveSafely(Message message) throws Exception {
    long sequence = lastPublish.incrementAndGet();
    ShardPublish.Builder publish =
        ShardPublish.newBuilder()
            .setSequence(sequence)
            .setMessage(message)
            .addShares(ShareChoice.newBuilder().setGroup("g").setFilter(message.getTopic()));
    send(RouterToStoreFrame.newBuilder().setPublish(publish).build(), FrameSize.of(message));
    awaitCommitted(sequence);
  }

  /** Publishes and waits for the commit; fails if the publish is refused. */
  void publishSafely(Message message) throws Exception {
    awaitCommitted(publish(message, null));
  }

  void awaitCommitted(long sequence) throws Exception {
    while (true) {
      PublishesCommitted next = poll(committed);
      if (next.getRefusedCount() > 0) {
        throw new IllegalStateException("refused: " + next.getRefusedList());
      }
      if (next.getThrough() >= sequence) {
        return;
      }
    }
  }

  Delivery delivery() throws Exception {
    return poll(deliveries);
  }

  static <T> T poll(BlockingQueue<T> queue) throws Exception {
    T next = queue.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new TimeoutException("nothing came in " + DEADLINE_SECONDS + " s");
    }
    return next;
  }

  static Attach.Builder client(String clientId, long gateway, long connection) {
    return Attach.newBuilder()
        .setClientId(clientId)
        .setGateway(gateway)
        .setConnection(connection)
        .setSessionExpirySeconds(3600)
        .setReceiveMaximum(20);
  }

  static ShardRequest.Builder detach(Attached session, Detach.Cause cause, long sent) {
    return ShardRequest.newBuilder()
        .setDetach(
            Detach.newBuilder()
                .setSession(session.getSession())
                .setEpoch(session.getEpoch())
                .setCause(cause)
                .setSentThrough(sent));
  }

  /** A QoS 2 publish of a client has come. */
  static ShardRequest.Builder beginInbound(Attached session, int packetId) {
    return ShardRequest.newBuilder()
        .setBeginInbound(
            BeginInbound.newBuilder()
                .setSession(session.getSession())
                .setEpoch(session.getEpoch())
                .setPacketId(packetId));
  }

  /** A client has a delivery of QoS 2. */
  static ShardRequest.Builder receive(Attached session, long sequence) {
    return ShardRequest.newBuilder()
        .setReceive(
            Receive.newBuilder()
                .setSession(session.getSession())
                .setEpoch(session.getEpoch())
                .addSequences(sequence));
  }

  static Message message(String topic, int qos, String payload) {
    return Message.newBuilder()
        .setTopic(topic)
        .setQos(qos)
        .setPayload(ByteString.copyFromUtf8(payload))
        .build();
  }

  void confirmRoutes() {
    send(
        RouterToStoreFrame.newBuilder()
            .setRoutesApplied(RoutesApplied.newBuilder().setVersion(routesVersion))
            .build(),
        FrameSize.SMALL_BYTES);
  }

  private void follow(ShardState state) {
    send(
        RouterToStoreFrame.newBuilder()
            .setFollowing(
                Following.newBuilder()
                    .setShard(state.getShard())
                    .setLeadership(state.getLeadership()))
            .build(),
        FrameSize.SMALL_BYTES);
  }

  /** The subscribers of this publish, and of all before it that are not settled, have it. */
  void settle(long through) {
    Settled.Builder settled = Settled.newBuilder();
    for (long sequence = settledThrough.get() + 1; sequence <= through; sequence++) {
      settled.addSequences(sequence);
    }
    settledThrough.set(through);
    send(
        RouterToStoreFrame.newBuilder().setSettled(settled).build(),
        FrameSize.SMALL_BYTES + Long.BYTES * settled.getSequencesCount());
  }

  void answerWill(long sequence) {
    send(
        RouterToStoreFrame.newBuilder()
            .setResults(PublishResults.newBuilder().addSucceeded(sequence))
            .build(),
        FrameSize.SMALL_BYTES);
  }

  @Override
  public void up(Link<RouterToStoreFrame> newLink) {
    link = newLink;
  }

  @Override
  public void receive(
      Link<RouterToStoreFrame> from, List<StoreToRouterFrame> frames, Runnable processed) {
    frames.forEach(this::take);
    processed.run();
  }

  private void take(StoreToRouterFrame frame) {
    switch (frame.getFrameCase()) {
      case COMMITTED -> {
        committed.add(frame.getCommitted());
        if (settles) {
          settle(frame.getCommitted().getThrough());
        }
      }
      case REPLY -> {
        CompletableFuture<ShardReply> reply = replies.remove(frame.getReply().getCorrelation());
        if (reply != null) {
          reply.complete(frame.getReply());
        }
      }
      case ROUTES -> {
        for (RouteChange change : frame.getRoutes().getUpdate().getChangesList()) {
          routes.put(change.getFilter(), change.getMembers());
        }
        routesVersion = frame.getRoutes().getUpdate().getVersion();
        routeUpdates.add(frame.getRoutes().getUpdate());
        if (confirmsRoutes) {
          confirmRoutes();
        }
      }
      case DELIVERY -> deliveries.add(frame.getDelivery());
      case DISCONNECT -> disconnects.add(frame.getDisconnect());
      case PUBLISH -> wills.add(frame.getPublish());
      case STATE -> {
        if (frame.getState().getLeader()) {
          follow(frame.getState());
          leader.complete(null);
        }
      }
      case ROOM -> rooms.add(frame.getRoom());
      case FRAME_NOT_SET -> throw new IllegalStateException("an empty frame");
    }
  }

  @Override
  public void down(Link<RouterToStoreFrame> gone) {
    link = null;
  }

  @Override
  public void close() {
    client.close();
    channel.shutdownNow();
    timer.shutdownNow();
  }
}
