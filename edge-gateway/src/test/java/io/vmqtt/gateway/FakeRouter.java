package io.vmqtt.gateway;

import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.link.Link;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkListener;
import io.vmqtt.cluster.link.LinkMetrics;
import io.vmqtt.cluster.wire.LinkFormat;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.message.v1.PublishResults;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.GatewayToRouter;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.routing.v1.RouterState;
import io.vmqtt.proto.routing.v1.RouterToGateway;
import io.vmqtt.proto.routing.v1.RoutingGrpc;
import io.vmqtt.proto.session.v1.Attached;
import io.vmqtt.proto.session.v1.Done;
import io.vmqtt.proto.session.v1.Enqueued;
import io.vmqtt.proto.session.v1.InboundBegun;
import io.vmqtt.proto.session.v1.ReadRetained;
import io.vmqtt.proto.session.v1.RetainedPage;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.session.v1.Subscribed;
import io.vmqtt.proto.session.v1.SubscriptionsPage;
import io.vmqtt.proto.session.v1.Unsubscribed;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A router with stores behind it, as far as a gateway can tell: it answers everything at once and
 * favourably, unless a test takes the answers into its own hands.
 */
public final class FakeRouter extends RoutingGrpc.RoutingImplBase
    implements LinkListener<RouterFrame, GatewayFrame> {
  /** Everything that gateways have sent, in order. */
  public final List<GatewayFrame> received = new CopyOnWriteArrayList<>();

  /** Client ids whose session exists already. */
  public final Set<String> existing = ConcurrentHashMap.newKeySet();

  /** Retained messages of shard 0, whatever their topics, which match every filter. */
  public final NavigableMap<String, Message> retained = new ConcurrentSkipListMap<>();

  /** So many of them are on a page. */
  public volatile int pageMessages = 100;

  private final LinkEnds ends;
  private final List<Link<RouterFrame>> links = new CopyOnWriteArrayList<>();
  private final AtomicLong lastSession = new AtomicLong();
  private volatile boolean answersRequests = true;
  private volatile boolean answersReads = true;
  private volatile boolean answersPublishes = true;
  private volatile boolean confirmsRoutes = true;

  public FakeRouter(LinkEnds ends) {
    this.ends = ends;
  }

  public void holdRequests() {
    answersRequests = false;
  }

  /** Retained messages are not read for anybody. */
  public void holdReads() {
    answersReads = false;
  }

  /** What is asked from here on is answered. */
  public void answerRequests() {
    answersRequests = true;
  }

  public void holdPublishes() {
    answersPublishes = false;
  }

  public void holdRoutes() {
    confirmsRoutes = false;
  }

  /** The requests of gateways to shards, in order. */
  public List<ShardRequest> requests() {
    return received.stream()
        .filter(GatewayFrame::hasRequest)
        .map(GatewayFrame::getRequest)
        .toList();
  }

  /** The publishes of gateways, in order. */
  public List<Publish> publishes() {
    return received.stream()
        .filter(GatewayFrame::hasPublish)
        .map(GatewayFrame::getPublish)
        .toList();
  }

  /** The newest stream. */
  public Link<RouterFrame> link() {
    return links.getLast();
  }

  public boolean isLinked() {
    return !links.isEmpty();
  }

  /** Sends to the gateway. */
  public void send(RouterFrame.Builder frame) {
    link().send(frame.build(), 100);
  }

  /** Sends a reply of a shard to the gateway. */
  public void reply(ShardReply.Builder reply) {
    send(RouterFrame.newBuilder().setReply(reply));
  }

  /** It serves clients, but cannot reach the leaders of so many shards. */
  public void ready(int shardsOutOfReach) {
    send(
        RouterFrame.newBuilder()
            .setState(
                RouterState.newBuilder().setReady(true).setShardsOutOfReach(shardsOutOfReach)));
  }

  @Override
  public StreamObserver<GatewayToRouter> connect(StreamObserver<RouterToGateway> responses) {
    return ends.accept(
        responses,
        LinkFormat.ROUTER_TO_GATEWAY,
        LinkFormat.GATEWAY_TO_ROUTER,
        this,
        new LinkMetrics(new SimpleMeterRegistry(), "fake"));
  }

  @Override
  public void up(Link<RouterFrame> link) {
    links.add(link);
    ready(0);
  }

  @Override
  public void receive(Link<RouterFrame> link, List<GatewayFrame> frames, Runnable processed) {
    received.addAll(frames);
    for (GatewayFrame frame : frames) {
      answer(frame);
    }
    processed.run();
  }

  @Override
  public void down(Link<RouterFrame> link) {
    links.remove(link);
  }

  private void answer(GatewayFrame frame) {
    switch (frame.getFrameCase()) {
      case PUBLISH -> {
        if (answersPublishes && frame.getPublish().getSequence() != 0) {
          succeeded(frame.getPublish().getSequence());
        }
      }
      case ROUTES -> {
        if (confirmsRoutes && !frame.getRoutes().getPartial()) {
          send(RouterFrame.newBuilder().setRoutesApplied(frame.getRoutes().getVersion()));
        }
      }
      case REQUEST -> {
        boolean held = !answersRequests || (!answersReads && frame.getRequest().hasReadRetained());
        if (!held && frame.getRequest().getCorrelation() != 0) {
          reply(favourable(frame.getRequest()));
        }
      }
      case RECEIVED_THROUGH, MOVED, HANDS_EMPTY, FRAME_NOT_SET -> {
        // nothing to answer
      }
    }
  }

  /** The publish with this number is safe. */
  public void succeeded(long sequence) {
    send(RouterFrame.newBuilder().setResults(PublishResults.newBuilder().addSucceeded(sequence)));
  }

  /** A message for whoever has subscribed at the gateway. */
  public void publishTo(String topic, long sequence) {
    send(
        RouterFrame.newBuilder()
            .setPublish(
                Publish.newBuilder()
                    .setSequence(sequence)
                    .setMessage(Message.newBuilder().setTopic(topic).setQos(1))));
  }

  /** What shard 0 has of its {@link #retained}. */
  private RetainedPage page(int shard, ReadRetained wanted) {
    List<Message> all =
        shard != 0
            ? List.of()
            : wanted.getFilter().isEmpty()
                ? wanted.getTopicsList().stream()
                    .filter(retained::containsKey)
                    .map(retained::get)
                    .toList()
                : List.copyOf(retained.tailMap(wanted.getAfterTopic(), false).values());
    int fits = Math.min(all.size(), pageMessages);
    return RetainedPage.newBuilder()
        .addAllMessages(all.subList(0, fits))
        .setThrough(fits < all.size() ? all.get(fits - 1).getTopic() : "")
        .build();
  }

  /** What a shard says if all is well. */
  public ShardReply.Builder favourable(ShardRequest request) {
    ShardReply.Builder reply = ShardReply.newBuilder().setCorrelation(request.getCorrelation());
    return switch (request.getRequestCase()) {
      case ATTACH ->
          reply.setAttached(
              Attached.newBuilder()
                  .setSession(lastSession.incrementAndGet())
                  .setEpoch(lastSession.get())
                  .setSessionPresent(existing.contains(request.getAttach().getClientId())));
      case SUBSCRIBE ->
          reply.setSubscribed(
              Subscribed.newBuilder()
                  .addAllExisted(
                      Collections.nCopies(request.getSubscribe().getSubscriptionsCount(), false)));
      case UNSUBSCRIBE ->
          reply.setUnsubscribed(
              Unsubscribed.newBuilder()
                  .addAllExisted(
                      Collections.nCopies(request.getUnsubscribe().getFiltersCount(), true)));
      case READ_SUBSCRIPTIONS -> reply.setSubscriptionsPage(SubscriptionsPage.getDefaultInstance());
      case BEGIN_INBOUND -> reply.setInboundBegun(InboundBegun.getDefaultInstance());
      case READ_RETAINED ->
          reply.setRetainedPage(page(request.getShard(), request.getReadRetained()));
      case ENQUEUE -> reply.setEnqueued(Enqueued.getDefaultInstance());
      case DETACH, ACKNOWLEDGE, RECEIVE, END_INBOUND, RESUME, REQUEST_NOT_SET ->
          reply.setDone(Done.getDefaultInstance());
    };
  }
}
