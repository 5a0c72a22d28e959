package io.vmqtt.gateway.link;

import io.vmqtt.cluster.access.WillOwner;
import io.vmqtt.cluster.placement.HashRing;
import io.vmqtt.cluster.placement.Shards;
import io.vmqtt.cluster.wire.Messages;
import io.vmqtt.cluster.wire.WillOwners;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.connection.Bound;
import io.vmqtt.gateway.connection.ClientOutput.Outgoing;
import io.vmqtt.gateway.connection.DeliverySpans;
import io.vmqtt.gateway.connection.Missed;
import io.vmqtt.gateway.connection.SessionOwner;
import io.vmqtt.gateway.connection.SharedMessage;
import io.vmqtt.gateway.connection.Will;
import io.vmqtt.gateway.local.Recipient;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.gateway.sessions.Attachment;
import io.vmqtt.gateway.sessions.KeySource;
import io.vmqtt.gateway.sessions.LaneSession;
import io.vmqtt.gateway.sessions.SessionLane;
import io.vmqtt.gateway.sessions.Sessions;
import io.vmqtt.gateway.trace.Incidents;
import io.vmqtt.gateway.trace.Traces;
import io.vmqtt.model.Message;
import io.vmqtt.model.PublishKey;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.RecentTopics;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.proto.message.v1.PublishResults;
import io.vmqtt.proto.session.v1.Attach;
import io.vmqtt.proto.session.v1.Attached;
import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster as the connections of one event loop see it. Everything here happens on that loop's
 * thread. What one run of the loop produces, for routers and for clients, leaves together at its
 * end.
 */
public final class Lane implements SessionLane {
  private static final Logger log = LoggerFactory.getLogger(Lane.class);

  private final int index;
  private final Executor loop;
  private final Gateway gateway;
  private final Publisher publisher;
  private final Requests requests;
  private final Numbers connectionNumbers;
  private final Function<Message, Outgoing> encoder;
  private final LoopMemory memory;
  private final Sessions sessions;
  private final NumberMap<Home> homes = new NumberMap<>();
  private final NumberMap<AttachCallback> attaching = new NumberMap<>();
  private final List<Runnable> flushes = new ArrayList<>();
  private final List<Runnable> whenTold = new ArrayList<>();
  private final List<Runnable> whenRelieved = new ArrayList<>();
  private final KeySource exactlyOnce;
  private final LoopCounter delivered;
  private final LoopCounter shed;
  private final LoopCounter pushed;
  private final Incidents incidents = new Incidents(System::nanoTime);
  private long ringChanges;
  private boolean endOfRunScheduled;

  /** Since the last look. */
  private boolean accessFailureLogged;

  private Runnable whenMemoryIsFull = () -> {};

  Lane(
      int index,
      Executor loop,
      Gateway gateway,
      long maxUnansweredBytes,
      Function<Message, Outgoing> encoder) {
    this.index = index;
    this.loop = loop;
    this.gateway = gateway;
    this.requests = new Requests(index);
    this.connectionNumbers = new Numbers(index, gateway.connectionCounter());
    this.encoder = encoder;
    this.memory = gateway.memory().ofLoop(index);
    this.publisher = new Publisher(index, maxUnansweredBytes, memory, gateway.metrics());
    this.exactlyOnce = new KeySource(gateway.process() * 31 + index);
    this.delivered = new LoopCounter(gateway.metrics().delivered);
    this.shed = new LoopCounter(gateway.metrics().shed);
    this.pushed = new LoopCounter(gateway.metrics().pushed);
    this.sessions = new Sessions(this, gateway.localSubscriptions(), gateway.announcer());
  }

  @Override
  public int index() {
    return index;
  }

  /** Runs a task on the loop's thread; what it produces leaves after it. */
  @Override
  public void execute(Runnable task) {
    try {
      loop.execute(
          () -> {
            task.run();
            endRunSoon();
          });
    } catch (RejectedExecutionException e) {
      // The gateway closes: the loop's connections are gone, while links still report.
      log.trace("lane {} has ended", index, e);
    }
  }

  @Override
  public void flushAtEnd(Runnable flush) {
    flushes.add(flush);
    endRunSoon();
  }

  /** Has {@code then} run when what this run of the loop has for routers has left. */
  public void whenTold(Runnable then) {
    whenTold.add(then);
    endRunSoon();
  }

  /** True while publishers should not be read from. */
  public boolean isFull() {
    return publisher.isFull();
  }

  /** Has {@code then} run once the lane is no longer full. */
  public void whenRelieved(Runnable then) {
    whenRelieved.add(then);
  }

  /** Has {@code shed} run whenever more waits for clients than may. */
  public void whenMemoryIsFull(Runnable shed) {
    whenMemoryIsFull = shed;
  }

  // --- Cluster ---

  @Override
  public boolean isAvailable() {
    return !publisher.routers().isEmpty() && gateway.shardCount() > 0;
  }

  @Override
  public LoopMemory memory() {
    return memory;
  }

  @Override
  public void missed(Missed what, Identity who, int times) {
    gateway.metrics().missed(what, times);
    incidents.missed(what, who, times);
  }

  @Override
  public @Nullable DeliverySpans deliverySpans() {
    return gateway.metrics().deliverySpans();
  }

  /** What is counted all the time of the clients of this loop. */
  public Incidents incidents() {
    return incidents;
  }

  @Override
  public void beyond(Bound bound) {
    gateway.metrics().beyond(bound);
  }

  @Override
  public void accessFailed(CompletableFuture<?> answer) {
    gateway.metrics().accessFailures.increment();
    if (!accessFailureLogged) {
      accessFailureLogged = true;
      log.warn(
          "access control could not be asked: {}",
          answer.state() == Future.State.FAILED
              ? answer.exceptionNow().toString()
              : "no answer in time");
    }
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void decided(long sinceNanos) {
    gateway.metrics().authentication.record(System.nanoTime() - sinceNanos);
  }

  @Override
  public void accepted(long sinceNanos) {
    gateway.metrics().connect.record(System.nanoTime() - sinceNanos);
  }

  @Override
  public long currentTimeMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public void publish(Message message) {
    publisher.publish(message, null, null);
    endRunSoon();
  }

  @Override
  public void publish(Message message, @Nullable PublishKey key, PublishCallback callback) {
    if (key != null && key.producer() == exactlyOnce.producer()) {
      publisher.publish(
          message,
          key,
          reason -> {
            exactlyOnce.end(key.sequence());
            callback.published(reason);
          });
    } else {
      publisher.publish(message, key, callback);
    }
    endRunSoon();
  }

  @Override
  public void attach(AttachRequest request, AttachCallback callback) {
    long connection = connectionNumbers.next();
    int shard = Shards.shardOf(request.clientId(), gateway.shardCount());
    Attach.Builder attach =
        Attach.newBuilder()
            .setClientId(request.clientId())
            .setGateway(gateway.process())
            .setConnection(connection)
            .setCleanStart(request.cleanStart())
            .setSessionExpirySeconds((int) request.sessionExpirySeconds())
            .setReceiveMaximum(request.receiveMaximum());
    Will will = request.will();
    if (will != null) {
      attach.setWill(toWire(will, request.willOwner()));
    }
    long number = exactlyOnce.begin();
    attach.setKey(Messages.toWire(exactlyOnce.key(number)));
    attaching.put(connection, callback);
    RouterPeer home = routerOf(request.clientId());
    long changes = ringChanges;
    request(
        home,
        request.clientId(),
        ShardRequest.newBuilder().setShard(shard).setAttach(attach),
        reply -> {
          exactlyOnce.end(number);
          attaching.remove(connection);
          // Deliveries come the way that the question went, unless it was asked again elsewhere.
          attached(
              request, callback, connection, shard, changes == ringChanges ? home : null, reply);
        });
  }

  private static io.vmqtt.proto.session.v1.Will toWire(Will will, @Nullable WillOwner owner) {
    io.vmqtt.proto.session.v1.Will.Builder wire =
        io.vmqtt.proto.session.v1.Will.newBuilder()
            .setMessage(Messages.toWire(will.message()))
            .setDelaySeconds((int) will.delaySeconds())
            .setExpirySeconds((int) will.expirySeconds());
    if (owner != null) {
      wire.setOwner(WillOwners.toWire(owner));
    }
    return wire.build();
  }

  private void attached(
      AttachRequest request,
      AttachCallback callback,
      long connection,
      int shard,
      @Nullable RouterPeer asked,
      ShardReply reply) {
    Failure.Reason failure = reply.getFailure().getReason();
    if (failure == Failure.Reason.REASON_NOT_OWNER) {
      callback.lost(ReasonCode.SESSION_TAKEN_OVER);
      return;
    }
    if (failure == Failure.Reason.REASON_QUOTA_EXCEEDED) {
      callback.refused(ReasonCode.QUOTA_EXCEEDED);
      return;
    }
    if (!reply.hasAttached()) {
      callback.unavailable();
      return;
    }
    Attached attached = reply.getAttached();
    Attachment attachment =
        new Attachment(
            request.clientId(), connection, shard, attached.getSession(), attached.getEpoch());
    boolean durable = request.sessionExpirySeconds() > 0 || attached.getSessionPresent();
    Home home = new Home(this, attachment, asked == null ? routerOf(request.clientId()) : asked);
    LaneSession session = sessions.begin(callback, attachment, home, durable);
    home.give(session);
    homes.put(connection, home);
    callback.attached(
        session.asSession(),
        attached.getSessionPresent(),
        attached.hasSessionExpirySeconds()
            ? (Long) Integer.toUnsignedLong(attached.getSessionExpirySeconds())
            : null);
    if (home.router != null && home.router != asked && !session.isEnded()) {
      session.resume();
    }
  }

  /** What waits in this gateway for the answers to CONNECT, and other figures. */
  public GatewayMetrics metrics() {
    return gateway.metrics();
  }

  // --- for sessions ---

  /** What is written down of clients. */
  public Traces traces() {
    return gateway.traces();
  }

  /** The id of the router that would get a publish to a topic; null: there is none. */
  public @Nullable String routerIdOf(String topic) {
    RouterPeer router = routerOf(topic);
    return router == null ? null : router.nodeId;
  }

  @Nullable RouterPeer routerOf(String key) {
    return publisher.routerOf(key);
  }

  void request(
      @Nullable RouterPeer router,
      String routingKey,
      ShardRequest.Builder request,
      Consumer<ShardReply> callback) {
    requests.send(router, routingKey, request, callback);
    endRunSoon();
  }

  @Override
  public int shardCount() {
    return gateway.shardCount();
  }

  /** The session is over: nothing comes for it any more. */
  void forget(Home home) {
    homes.remove(home.attachment().connection());
  }

  /** Topics whose retained message was replaced lately, as far as this lane heard. */
  public RecentTopics recentTopics() {
    return sessions.recentTopics();
  }

  /** What its gateway says under {@code $SYS}. */
  public SystemTopics system() {
    return gateway.system();
  }

  @Override
  public List<Message> systemMessages(TopicFilter filter) {
    return gateway.system().latest(filter);
  }

  @Override
  public Outgoing outgoing(Message message) {
    return encoder.apply(message);
  }

  /** Delivers to transient sessions of this lane; the message is encoded once. */
  void deliver(Message message, List<Recipient> recipients, @Nullable InHand inHand) {
    Outgoing outgoing = outgoing(message);
    for (int i = 0; i < recipients.size(); i++) {
      deliver(outgoing, message, recipients.get(i), inHand);
    }
  }

  private void deliver(
      Outgoing outgoing, Message message, Recipient recipient, @Nullable InHand inHand) {
    TopicFilter share = recipient.share();
    SharedMessage shared =
        share == null || recipient.delivery().qos() == Qos.AT_MOST_ONCE
            ? null
            : new SharedMessage(
                message.payload().remaining()
                    + message.topic().length()
                    + message.properties().bytes(),
                () -> deliverToAnother(message, share, inHand),
                () -> done(inHand));
    if (share != null && shared == null) {
      done(inHand);
    }
    recipient.subscriber().deliver(outgoing, recipient.delivery(), shared);
  }

  /**
   * The member of a share group that had its turn is gone. One that is behind itself does not get
   * the message: it must not be the next to go.
   */
  private void deliverToAnother(Message message, TopicFilter share, @Nullable InHand inHand) {
    Recipient another = gateway.localSubscriptions().another(message, share);
    if (another == null) {
      handBack(message, share, inHand);
      return;
    }
    Lane its = gateway.lanes().get(another.subscriber().lane());
    its.execute(
        () -> {
          if (!its.deliverLeft(message, another, inHand)) {
            its.handBack(message, share, inHand);
          }
        });
  }

  /** What a member at another gateway has left; nobody is asked after this one. */
  void deliverHandedBack(Message message, Recipient recipient, @Nullable InHand inHand) {
    if (!deliverLeft(message, recipient, inHand)) {
      gateway.metrics().leftDropped.increment();
      done(inHand);
    }
  }

  /** A member of a share group here is done with a message. */
  void done(@Nullable InHand inHand) {
    if (inHand != null) {
      inHand.done(index);
    }
  }

  private boolean deliverLeft(Message message, Recipient another, @Nullable InHand inHand) {
    boolean goes = another.subscriber().takesMore();
    if (goes) {
      deliver(outgoing(message), message, another, inHand);
    }
    return goes;
  }

  /** No member here takes it; one at another gateway or at a shard may. */
  void handBack(Message message, TopicFilter share, @Nullable InHand inHand) {
    PublishKey key =
        message.qos() == Qos.EXACTLY_ONCE ? exactlyOnce.key(exactlyOnce.begin()) : null;
    publisher.handBack(
        message,
        share,
        key,
        reason -> {
          if (key != null) {
            exactlyOnce.end(key.sequence());
          }
          if (reason != ReasonCode.SUCCESS) {
            gateway.metrics().leftDropped.increment();
          }
          done(inHand);
        });
    endRunSoon();
  }

  @Override
  public void countDelivery(boolean given) {
    (given ? delivered : shed).increment();
    endRunSoon();
  }

  @Override
  public void countSlowClient() {
    gateway.metrics().slowClients().increment();
  }

  void countPush() {
    pushed.increment();
    endRunSoon();
  }

  @Override
  public KeySource exactlyOnce() {
    return exactlyOnce;
  }

  /** To be called when more may wait than before. */
  public void watchMemory() {
    if (memory.isFull()) {
      whenMemoryIsFull.run();
    }
  }

  // --- from routers ---

  void results(PublishResults results) {
    publisher.results(results);
  }

  void replied(ShardReply reply) {
    requests.replied(reply);
  }

  /** The session of a connection, or null if it has ended. */
  @Nullable LaneSession session(long connection) {
    Home home = homes.get(connection);
    return home == null ? null : home.session();
  }

  void disconnect(long connection, int reasonCode) {
    LaneSession session = session(connection);
    SessionOwner owner = session == null ? attaching.get(connection) : session.owner();
    if (owner != null) { // without a session: the order overtook the answer, by another router
      owner.lost(ReasonCode.of(reasonCode));
    }
  }

  /** Ends the transient sessions that have subscriptions: messages may have passed them by. */
  void endSubscribers() {
    List.copyOf(homes.values()).forEach(home -> home.session().endIfSubscribed());
  }

  /** The usable routers have changed. */
  void ringChanged(HashRing<RouterPeer> ring) {
    if (publisher.ringChanged(ring)) {
      ringChanges++;
    }
    requests.reroute(ring);
    for (Home home : List.copyOf(homes.values())) {
      if (home.router == null || !ring.nodes().contains(home.router)) {
        home.router = routerOf(home.attachment().clientId());
        if (home.router != null) {
          home.session().resume();
        }
      }
    }
  }

  /** To be called {@link Publisher#LOOKS} times in the time of failure detection. */
  void look() {
    accessFailureLogged = false;
    gateway.lookAtRouters(index);
    publisher.look();
    sessions.look();
  }

  /** A shard's leader has (again) a link to this router. */
  void shardOnline(RouterPeer router, int shard) {
    for (Home home : List.copyOf(homes.values())) {
      if (home.router == router && home.attachment().shard() == shard) {
        home.session().resume();
      }
    }
  }

  // --- the end of a run ---

  private void endRunSoon() {
    if (!endOfRunScheduled) {
      endOfRunScheduled = true;
      loop.execute(this::endRun);
    }
  }

  private void endRun() {
    endOfRunScheduled = false;
    for (int i = 0; i < flushes.size(); i++) {
      flushes.get(i).run();
    }
    flushes.clear();
    memory.tell();
    delivered.tell();
    shed.tell();
    pushed.tell();
    gateway.flush(index);
    for (int i = 0; i < whenTold.size(); i++) {
      whenTold.get(i).run();
    }
    whenTold.clear();
    relieve();
  }

  /** Lets publishers go on if the lane is no longer full. */
  void relieve() {
    if (!whenRelieved.isEmpty() && !publisher.isFull()) {
      List<Runnable> relieved = List.copyOf(whenRelieved);
      whenRelieved.clear();
      relieved.forEach(Runnable::run);
    }
  }
}
