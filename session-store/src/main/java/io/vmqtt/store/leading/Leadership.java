package io.vmqtt.store.leading;

import io.vmqtt.model.Quota;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.proto.session.v1.Acknowledge;
import io.vmqtt.proto.session.v1.Resume;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.store.delivery.Deliveries;
import io.vmqtt.store.delivery.QueueReader;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.Command;
import io.vmqtt.store.session.Decision;
import io.vmqtt.store.session.FullSessions;
import io.vmqtt.store.session.PendingPublish;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.session.Reply;
import io.vmqtt.store.session.Session;
import io.vmqtt.store.session.ShardState;
import io.vmqtt.store.wire.Frames;
import io.vmqtt.store.wire.SessionExpiry;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a shard's leader does beyond keeping the state: answers, pushes, routes, its own publishes
 * (wills, what ended sessions left), timers. It begins with a leadership and is thrown away with
 * it. Used on the shard's thread.
 */
public final class Leadership {
  private static final long KEY_CHECK_MILLIS = 60_000;
  private static final int SESSIONS_AT_ONCE = 512;

  /** Messages of operators for one session each that are on their way into the log. */
  private static final int MOST_DELIVERING = 1_000;

  private final int shard;
  private final long number;
  private final long term;
  private final ShardState state;
  private final QueueReader queues;
  private final Routers routers;
  private final Consumer<Command> log;
  private final Deliveries deliveries;
  private final RouteFeed routes;
  private final OwnPublishes publishes;
  private final Estates estates;
  private final Overflows overflows;
  private final FullSessions full;
  private final Supplier<ShardQuotas> quotas;
  private ShardQuotas quotasInForce = ShardQuotas.NONE;
  private QueueLimits limits;
  private final BooleanSupplier diskIsLow;
  private final SessionExpiry expiry;
  private final RetainedValues retained;
  private final GatewayWatch gateways;
  private final StoreClock clock;
  private final LeadingCounts counts;
  private final long keyRetentionMillis;
  private final Set<Long> gatewaysGoing = new HashSet<>();
  private boolean dueInLog;

  /** Who waits until messages have left a queue; null: nobody. */
  private @Nullable IntConsumer clearing;

  /** Who waits to hear what became of messages of operators, in the order of those in the log. */
  private final ArrayDeque<Consumer<Decision>> delivering = new ArrayDeque<>();

  private boolean toldLow;
  private long lastKeyCheckMillis;

  /**
   * @param number counts the leaderships of this replica
   * @param routers kept by the shard
   * @param log takes commands of the leader's own into the log
   * @param store what it shares with the other leaderships of its process
   */
  public Leadership(
      int shard,
      long number,
      long term,
      long lastRouteVersion,
      ShardState state,
      QueueReader queues,
      RetainedReads retainedReads,
      Routers routers,
      Consumer<Command> log,
      StoreCommons store) {
    LeadingOptions options = store.options();
    this.shard = shard;
    this.number = number;
    this.term = term;
    this.state = state;
    this.routers = routers;
    this.log = log;
    this.gateways = store.gateways();
    this.clock = store.clock();
    this.counts = store.counts();
    this.lastKeyCheckMillis = clock.uptimeMillis();
    this.keyRetentionMillis = options.limits().keyRetentionMillis();
    this.deliveries =
        new Deliveries(
            queues,
            new Deliveries.QueueLog() {
              @Override
              public void expired(long session, long epoch, List<Long> sequences) {
                log.accept(new Command.Expire(session, epoch, sequences));
              }

              @Override
              public void allotPacketId(long session, long sequence) {
                log.accept(new Command.AllotPacketId(session, sequence));
              }
            },
            counts.deliveries());
    this.overflows = new Overflows(shard, options.limits());
    this.full = new FullSessions(state, options.limits());
    this.limits = options.limits();
    this.quotas = options.quotas();
    this.diskIsLow = options.diskIsLow();
    this.expiry = options.expiry();
    this.retained = new RetainedValues(number, routers, retainedReads, clock);
    this.routes = new RouteFeed(term, lastRouteVersion, state, full, routers);
    this.queues = queues;
    this.estates = new Estates(state, queues, clock, log);
    this.publishes =
        new OwnPublishes(
            shard, clock, counts, options.wills(), this::lowestPending, this::published);
  }

  public RetainedValues retained() {
    return retained;
  }

  public long number() {
    return number;
  }

  /** What the shard is, as far as it is committed. */
  public ShardState state() {
    return state;
  }

  /**
   * Gives up messages that wait for a client, some of them, as far as their delivery has not begun.
   *
   * @param through those with sequences up to this one
   * @param cleared hears how many, once that is committed; not, where another comes to lead first
   * @return false: a queue of the shard is being cleared, and this one not
   */
  public boolean clearQueue(long session, long through, IntConsumer cleared) {
    if (clearing != null) {
      return false;
    }
    clearing = cleared;
    log.accept(new Command.ClearQueue(session, through));
    return true;
  }

  /**
   * Has a session get a message of an operator's, and nobody else.
   *
   * @param decided hears what that makes of it, once it is committed; not, where another comes to
   *     lead first
   * @return false: as many wait as may, or the disk is full, and nothing comes of it
   */
  public boolean deliver(long session, Publication publication, Consumer<Decision> decided) {
    if (delivering.size() >= MOST_DELIVERING || diskIsLow.getAsBoolean()) {
      return false;
    }
    delivering.add(decided);
    log.accept(new Command.Deliver(session, publication));
    return true;
  }

  public long term() {
    return term;
  }

  /** The bounds that its log entries are decided by. */
  public QueueLimits limits() {
    ShardQuotas now = quotas.get();
    if (!now.equals(quotasInForce)) {
      quotasInForce = now;
      limits = limits.with(now.queueBytes());
      full.decideBy(limits);
      overflows.decideBy(limits);
    }
    return limits;
  }

  public long routeVersion() {
    return routes.version();
  }

  public int open() {
    return deliveries.open();
  }

  /** The first thing it does. */
  public void begin() {
    routers.leadFrom(clock.uptimeMillis());
    gateways.begin(clock.uptimeMillis());
    state.takeChangedRoutes();
    for (RouterPort port : routers.ports()) {
      linkUp(port);
    }
    List.copyOf(state.pendingPublishes()).forEach(this::publish);
    state.estates().forEach(estate -> handOn(estate.session()));
    limitExpiries();
  }

  /** Those that were granted more, by another leader or before there was a limit, get less. */
  private void limitExpiries() {
    List<Long> exceeding =
        state.sessions().stream()
            .filter(session -> expiry.isExceededBy(session.header().expirySeconds()))
            .map(Session::number)
            .sorted()
            .toList();
    for (int from = 0; from < exceeding.size(); from += SESSIONS_AT_ONCE) {
      int to = Math.min(from + SESSIONS_AT_ONCE, exceeding.size());
      log.accept(
          new Command.LimitExpiry(expiry.maxSeconds(), List.copyOf(exceeding.subList(from, to))));
    }
  }

  public void linkUp(RouterPort port) {
    port.state(true, term, number);
    if (toldLow) {
      port.room(false);
    }
    routes.up(port);
  }

  public void linkDown(RouterPort port) {
    deliveries.outletDown(port);
    routes.down(port);
    publishes.linkDown(port);
  }

  public void writable(RouterPort port) {
    routes.writable(port);
    deliveries.writable(port);
  }

  public void routesApplied(RouterPort port, long version) {
    routes.applied(port, version);
  }

  /** A router has answered a publish of the shard's own. */
  public void publishAnswered(OwnPublish.Name name, int reasonCode) {
    publishes.answered(name, reasonCode);
    estates.run(publishes, routers.ports());
  }

  /** They ascend in the state; one that waits for routes is not given to anybody yet. */
  private long lowestPending() {
    Iterator<PendingPublish> pending = state.pendingPublishes().iterator();
    return pending.hasNext() ? pending.next().number() : Long.MAX_VALUE;
  }

  private void published(OwnPublish publish) {
    if (publish.name().session() == 0) {
      log.accept(new Command.PublishTaken(publish.name().number()));
    } else {
      estates.settled(publish);
    }
  }

  /** The routes of an entry's changes go out before the answers to its commands. */
  public void announceRoutes() {
    routes.announce();
  }

  /**
   * A command of the log is applied: whoever it concerns hears of it.
   *
   * @param ours whether it is this leadership that owes the answer
   */
  public void applied(Pending pending, Decision decision, boolean ours, long nowMillis) {
    if (decision.reply() instanceof Reply.Refused) {
      counts.refused.increment();
    }
    for (Change change : decision.changes()) {
      changed(change, nowMillis);
    }
    if (ours) {
      answer(pending, decision);
    }
    pushed(decision, nowMillis);
    switch (pending.command()) {
      case Command.Due due -> dueInLog = false;
      case Command.GatewayGone gone -> gatewaysGoing.remove(gone.gateway());
      case Command.ClearQueue clear -> {
        IntConsumer waiting = clearing;
        if (ours && waiting != null) {
          clearing = null;
          waiting.accept(decision.changes().size());
        }
      }
      case Command.Deliver _ -> {
        Consumer<Decision> waiting = ours ? delivering.poll() : null;
        if (waiting != null) {
          waiting.accept(decision);
        }
      }
      case Command other -> {
        // nothing to count
      }
    }
  }

  /** Messages of QoS 0 go out. */
  public void pushed(Decision decision, long nowMillis) {
    for (Decision.DirectPush push : decision.pushes()) {
      deliveries.direct(push, nowMillis);
    }
  }

  private void changed(Change change, long nowMillis) {
    switch (change) {
      case Change.Queued entry -> {
        deliveries.queued(entry, nowMillis);
        full.queueChanged(entry.session());
        queued(entry.session());
      }
      case Change.Dequeued dequeued -> dequeued(dequeued);
      case Change.Dropped dropped -> dropped(dropped);
      case Change.SessionSaved saved -> deliveries.close(saved.header().number());
      case Change.SessionRemoved removed -> ended(removed.session());
      case Change.SessionEnded ended -> {
        ended(ended.session());
        handOn(ended.session());
      }
      case Change.ConnectionReplaced replaced -> disconnect(replaced);
      case Change.PublishArmed armed -> publish(armed.publish());
      case Change.PacketIdAllotted allotted -> deliveries.allotted(allotted.session());
      case Change.SubscriptionSaved saved -> full.subscriptionsChanged(saved.session());
      case Change.SubscriptionRemoved removed -> full.subscriptionsChanged(removed.session());
      case Change.BodyStored stored -> {}
      case Change.ExpiryLimited limited -> {}
      case Change.EstateSettled settled -> {}
      case Change.Received received -> full.queueChanged(received.session());
      case Change.InboundOpened opened -> {}
      case Change.InboundClosed closed -> {}
      case Change.KeySeen seen -> {}
      case Change.KeyForgotten forgotten -> {}
      case Change.Retained retained -> {}
      case Change.PublishSettled removed -> {}
      case Change.TurnTaken taken -> {}
    }
  }

  /** For a share group not before the routers know that it has no member here. */
  private void publish(PendingPublish publish) {
    if (publish.share() == null) {
      publishes.add(OwnPublish.of(publish), routers.ports());
    } else {
      routes.whenInForce(() -> publishes.add(OwnPublish.of(publish), routers.ports()));
    }
  }

  /** Not before the routers know that the session is no member any more: else it may come back. */
  private void handOn(long session) {
    routes.whenInForce(
        () -> {
          estates.opened(session);
          estates.run(publishes, routers.ports());
        });
  }

  private void queued(long number) {
    Session session = state.session(number);
    if (session != null) {
      counts.nearlyFull().queued(shard, term, session, limits);
    }
  }

  private void ended(long session) {
    deliveries.close(session);
    counts.nearlyFull().ended(shard, term, session);
    overflows.ended(session);
    full.subscriptionsChanged(session);
  }

  private void dequeued(Change.Dequeued dequeued) {
    deliveries.removed(dequeued.session(), dequeued.sequence());
    full.queueChanged(dequeued.session());
    Session session =
        overflows.count() == 0 && counts.nearlyFull().isEmpty()
            ? null
            : state.session(dequeued.session());
    if (session != null) {
      overflows.dequeued(session);
      counts.nearlyFull().shorter(shard, term, session, limits);
    }
  }

  private void dropped(Change.Dropped dropped) {
    if (dropped.wasQueued()) {
      deliveries.removed(dropped.session(), dropped.sequence());
    }
    Session session = state.session(dropped.session());
    if (session != null) {
      overflows.dropped(session);
      if (limits.isFull(session.load(), true)) {
        counts.namespaces().count(session.load().namespace(), Quota.QUEUE_BYTES);
      }
    }
  }

  /**
   * Over all routers, for the one whose session's way this is cannot be told any more. If that way
   * is broken, the gateway asks to resume over another, and learns it by the answer.
   */
  private void disconnect(Change.ConnectionReplaced replaced) {
    for (RouterPort port : routers.ports()) {
      port.disconnect(
          replaced.gateway(), replaced.connection(), ReasonCode.SESSION_TAKEN_OVER.value());
    }
  }

  private void answer(Pending pending, Decision decision) {
    Reply reply = decision.reply();
    switch (pending.origin()) {
      case null -> {
        // nobody asked
      }
      case Pending.Publish publish -> answerPublish(publish, pending.command(), decision);
      case Pending.Request request -> answerRequest(request, decision);
      case Pending.Enqueue enqueue -> answerEnqueue(enqueue, reply);
      case Pending.Read read -> retained.read(read);
    }
  }

  private void answerPublish(Pending.Publish publish, Command command, Decision decision) {
    if (publish.sequence() == 0) {
      return;
    }
    if (decision.reply() instanceof Reply.Refused refused) {
      publish.port().refused(publish.sequence(), refused.reasonCode());
    } else if (command instanceof Command.Publish published && published.keep()) {
      boolean again = decision.changes().stream().noneMatch(Change.Retained.class::isInstance);
      retained.committed(publish.port(), publish.sequence(), published, again);
    } else {
      publish.port().committed(publish.sequence());
    }
  }

  private static void answerEnqueue(Pending.Enqueue enqueue, Reply reply) {
    ShardReply answer = Frames.reply(enqueue.correlation(), reply);
    if (answer.hasEnqueued()) {
      answer =
          answer.toBuilder()
              .setEnqueued(answer.getEnqueued().toBuilder().setMark(enqueue.mark()))
              .build();
    }
    enqueue.port().reply(answer);
  }

  private void answerRequest(Pending.Request request, Decision decision) {
    RouterPort port = request.port();
    Reply reply = decision.reply();
    if (request.correlation() != 0) {
      if (reply instanceof Reply.Subscribed) {
        routes.whenInForce(() -> port.reply(Frames.reply(request.correlation(), reply)));
      } else {
        port.reply(Frames.reply(request.correlation(), reply));
      }
    }
    if (reply instanceof Reply.Attached attached) {
      boolean again = decision.changes().stream().noneMatch(Change.SessionSaved.class::isInstance);
      open(port, attached, again);
    }
  }

  /**
   * Pushes begin, unless the connection has lost the session in the same entry, or they have begun
   * before: a request that was held up with one router may come after its copy with another.
   *
   * @param again whether another copy of the request has attached it: pushes may be under way
   */
  private void open(RouterPort port, Reply.Attached attached, boolean again) {
    Session session = state.session(attached.session());
    if (session != null
        && session.header().attached()
        && session.header().epoch() == attached.epoch()
        && routers.port(port.routerLink()) != null) {
      if (again) {
        deliveries.openAgain(session, port);
      } else {
        deliveries.open(session, port);
      }
    }
  }

  /** A gateway wants its deliveries over this port from here on; returns whether it may. */
  public boolean resume(RouterPort port, Resume resume) {
    Session session = state.session(resume.getSession());
    if (session == null
        || !session.header().attached()
        || session.header().epoch() != resume.getEpoch()
        || gatewaysGoing.contains(session.header().gateway())) {
      return false; // the last: its end is in the log already, and the gateway would not hear of it
    }
    deliveries.resume(session, port, resume.getReceivedThrough(), resume.getNumber());
    return true;
  }

  /** Whether a session has nothing that waits for its turn, and room for what will come. */
  public boolean hasRoom(long session) {
    return deliveries.hasRoom(session);
  }

  /**
   * A gateway is about to acknowledge messages that it has withheld from a client: others of the
   * groups by way of which they came are to have them, as if the client's session had ended.
   */
  public void withheld(Acknowledge acknowledge) {
    Session session =
        acknowledge.getWithheldCount() == 0 ? null : state.session(acknowledge.getSession());
    if (session == null) {
      return;
    }
    for (long sequence : acknowledge.getWithheldList()) {
      if (session.backlog().isShared(sequence)) {
        QueueReader.Entry entry = queues.read(session.number(), sequence, 1, 1).getFirst();
        if (entry.publication() != null && entry.share() != null) {
          log.accept(
              new Command.HandOn(
                  session.number(),
                  acknowledge.getEpoch(),
                  sequence,
                  entry.publication(),
                  entry.share()));
        }
      }
    }
  }

  /** Tells what queues have become full, and pushes; returns whether there is more to do. */
  public boolean run(long nowMillis) {
    routes.announce();
    return deliveries.run(nowMillis);
  }

  private void tellRoom() {
    boolean low = diskIsLow.getAsBoolean();
    if (low != toldLow) {
      toldLow = low;
      routers.ports().forEach(port -> port.room(!low));
    }
  }

  /** Time goes by. */
  public void tick() {
    long wallMillis = clock.wallMillis();
    long uptimeMillis = clock.uptimeMillis();
    tellRoom();
    routes.settle();
    retained.tick();
    publishes.tick(routers.ports());
    estates.run(publishes, routers.ports());
    boolean keysDue = false;
    if (uptimeMillis - lastKeyCheckMillis >= KEY_CHECK_MILLIS) {
      lastKeyCheckMillis = uptimeMillis;
      keysDue = !state.producersSilentSince(wallMillis - keyRetentionMillis).isEmpty();
    }
    if (!dueInLog && (keysDue || state.nextDueMillis() <= wallMillis)) {
      dueInLog = true;
      log.accept(new Command.Due());
    }
    for (long gateway : List.copyOf(state.gateways())) {
      if (gateways.isGone(gateway, uptimeMillis) && gatewaysGoing.add(gateway)) {
        log.accept(new Command.GatewayGone(gateway));
      }
    }
    gateways.forgetAllBut(state.gateways());
  }
}
