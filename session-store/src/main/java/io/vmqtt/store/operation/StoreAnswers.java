package io.vmqtt.store.operation;

import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.operation.ClientName;
import io.vmqtt.cluster.operation.ExplainQuery;
import io.vmqtt.cluster.operation.LongQueues;
import io.vmqtt.cluster.operation.LongQueuesQuery;
import io.vmqtt.cluster.operation.OperationRefusal;
import io.vmqtt.cluster.operation.QueueCleared;
import io.vmqtt.cluster.operation.QueueClearing;
import io.vmqtt.cluster.operation.QueuePage;
import io.vmqtt.cluster.operation.QueueQuery;
import io.vmqtt.cluster.operation.RetainedQuery;
import io.vmqtt.cluster.operation.RetainedShards;
import io.vmqtt.cluster.operation.SessionInfo;
import io.vmqtt.cluster.operation.SessionPage;
import io.vmqtt.cluster.operation.SessionProspect;
import io.vmqtt.cluster.operation.SessionQuery;
import io.vmqtt.cluster.operation.SessionView;
import io.vmqtt.cluster.operation.StoreOperations;
import io.vmqtt.cluster.operation.SubscriptionMatch;
import io.vmqtt.cluster.placement.Shards;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ScopedName;
import io.vmqtt.store.delivery.QueueReader;
import io.vmqtt.store.host.ShardHost;
import io.vmqtt.store.leading.Leadership;
import io.vmqtt.store.retained.RetainedPage;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.session.Session;
import io.vmqtt.store.session.SubscriptionTerms;
import io.vmqtt.store.shard.Shard;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers operators about the shards that this store leads. Sessions are looked at on the thread of
 * their shard, some of them in each turn, so that messages do not wait; what lies in tables is read
 * by the threads that read retained messages for clients. Safe from any thread.
 */
public final class StoreAnswers {
  /** So many sessions are looked at in one turn: half a millisecond or so. */
  private static final int SESSIONS_PER_TURN = 2_000;

  /** The same of a queue, which is read on the thread of its shard. */
  private static final int QUEUE_BYTES = 256 << 10;

  /** A page of messages ends with the first that goes beyond it. */
  private static final int PAGE_BYTES = 4 << 20;

  /** A thread that has ended runs nothing any more. */
  private static final long PATIENCE_SECONDS = 10;

  /** However many shards share a page, one of each has room for this. */
  private static final int LEAST_BYTES_OF_A_SHARD = 64 << 10;

  private final Supplier<@Nullable ShardHost> host;
  private final IntSupplier shardCount;
  private final Supplier<QueueLimits> limits;
  private final IntSupplier maxCommandBytes;
  private final InstantSource clock;

  /**
   * Those of one store.
   *
   * @param host its shards; null: there are none yet
   * @param shardCount how many the cluster has; 0: nobody knows yet
   * @param limits of queues, as they are now
   * @param maxCommandBytes what a log takes in one command
   */
  public StoreAnswers(
      Supplier<@Nullable ShardHost> host,
      IntSupplier shardCount,
      Supplier<QueueLimits> limits,
      IntSupplier maxCommandBytes,
      InstantSource clock) {
    this.host = host;
    this.shardCount = shardCount;
    this.limits = limits;
    this.maxCommandBytes = maxCommandBytes;
    this.clock = clock;
  }

  /** By what they are to. */
  public Answers answers() {
    return Answers.NONE
        .with(StoreOperations.SESSIONS, this::sessions)
        .with(StoreOperations.SESSION, this::session)
        .with(StoreOperations.QUEUE, this::queue)
        .with(StoreOperations.CLEAR_QUEUE, this::clearQueue)
        .with(
            StoreOperations.DELIVER,
            new DirectedDeliveries(this::shardOf, maxCommandBytes, clock)::deliver)
        .with(StoreOperations.LONG_QUEUES, this::longQueues)
        .with(StoreOperations.RETAINED, this::retained)
        .with(StoreOperations.EXPLAIN, this::explain);
  }

  // ---- sessions

  private CompletableFuture<SessionPage> sessions(SessionQuery query) {
    return ofEach(
            (Shard shard, CompletableFuture<@Nullable LedSessions> whole) -> {
              LowestSessions lowest = new LowestSessions(shard.number(), query);
              shard.show(
                  led ->
                      look(
                          shard,
                          List.copyOf(led.state().sessions()).iterator(),
                          lowest::look,
                          whole,
                          () -> new LedSessions(shard.number(), List.copyOf(lowest.all()))),
                  () -> whole.complete(null));
            })
        .thenApplyAsync(all -> page(all, query.limit()));
  }

  private CompletableFuture<LongQueues> longQueues(LongQueuesQuery query) {
    return ofEach(
            (Shard shard, CompletableFuture<@Nullable LongestQueues> whole) -> {
              LongestQueues longest = new LongestQueues(query.namespace());
              shard.show(
                  led ->
                      look(
                          shard,
                          List.copyOf(led.state().sessions()).iterator(),
                          longest::look,
                          whole,
                          () -> longest),
                  () -> whole.complete(null));
            })
        .thenApplyAsync(LongestQueues::merged);
  }

  /**
   * On the thread of the shard. What has ended since the first turn was there when it was asked.
   */
  private static <A> void look(
      Shard shard,
      Iterator<Session> left,
      Consumer<Session> viewer,
      CompletableFuture<@Nullable A> whole,
      Supplier<A> answer) {
    for (int i = 0; i < SESSIONS_PER_TURN && left.hasNext(); i++) {
      viewer.accept(left.next());
    }
    if (left.hasNext()) {
      shard.show(led -> look(shard, left, viewer, whole, answer), () -> whole.complete(null));
    } else {
      whole.complete(answer.get());
    }
  }

  private record LedSessions(int shard, List<SessionInfo> sessions) {}

  private static SessionPage page(List<LedSessions> shards, int limit) {
    List<SessionInfo> all =
        shards.stream()
            .flatMap(shard -> shard.sessions().stream())
            .sorted(Comparator.comparing(SessionInfo::name))
            .toList();
    return new SessionPage(
        all.subList(0, Math.min(limit, all.size())),
        all.size() > limit,
        shards.stream().map(LedSessions::shard).sorted().toList());
  }

  private CompletableFuture<SessionView> session(ClientName name) {
    return ofShardOf(
        name,
        SessionView.ELSEWHERE,
        (shard, session) ->
            session == null
                ? new SessionView(true, null, List.of(), null)
                : new SessionView(
                    true,
                    LowestSessions.info(shard.number(), name, session),
                    session.terms().stream().map(StoreAnswers::subscription).toList(),
                    MessageInfos.of(session.header().will())));
  }

  private static SessionView.SubscriptionInfo subscription(SubscriptionTerms terms) {
    return new SessionView.SubscriptionInfo(
        ScopedName.local(terms.filter()).text(),
        terms.maximumQos().value(),
        terms.noLocal(),
        terms.retainAsPublished(),
        terms.identifier());
  }

  private CompletableFuture<SessionProspect> explain(ExplainQuery query) {
    return ofShardOf(
        query.client(),
        SessionProspect.ELSEWHERE,
        (shard, session) ->
            session == null
                ? new SessionProspect(true, null, SubscriptionMatch.NONE, null)
                : new SessionProspect(
                    true,
                    LowestSessions.info(shard.number(), query.client(), session),
                    SubscriptionMatch.of(
                        query.topic(),
                        session.terms().stream().map(StoreAnswers::subscription).toList()),
                    room(session, limits.get())));
  }

  private static SessionProspect.QueueRoom room(Session session, QueueLimits limits) {
    return new SessionProspect.QueueRoom(
        limits.maxMessages(),
        limits.maxBytes(),
        session.backlog().size() >= limits.maxMessages()
            || session.backlog().totalBytes() >= limits.maxBytes(),
        limits.isFull(session.load(), false),
        limits.overflow() == QueueLimits.Overflow.DROP_OLDEST);
  }

  private CompletableFuture<QueuePage> queue(QueueQuery query) {
    return ofShardOf(
            query.client(),
            ReadQueue.ELSEWHERE,
            (shard, session) ->
                session == null
                    ? new ReadQueue(true, false, List.of(), 0)
                    : queue(shard, session, query))
        .thenApplyAsync(read -> read.page(query.payloads()));
  }

  /** Read as deliveries are, and no more of it at once than for a client with a large window. */
  private static ReadQueue queue(Shard shard, Session session, QueueQuery query) {
    List<QueueReader.Entry> entries =
        shard
            .storage()
            .read(session.number(), Math.max(1, query.from()), query.limit(), QUEUE_BYTES);
    return new ReadQueue(
        true,
        true,
        entries,
        entries.isEmpty() ? 0 : session.backlog().after(entries.getLast().sequence()));
  }

  /**
   * A part of a queue.
   *
   * @param next the sequence of what follows; 0: nothing does
   */
  private record ReadQueue(
      boolean leads, boolean exists, List<QueueReader.Entry> entries, long next) {
    static final ReadQueue ELSEWHERE = new ReadQueue(false, false, List.of(), 0);

    QueuePage page(boolean payloads) {
      return new QueuePage(
          leads,
          exists,
          entries.stream().map(entry -> message(entry, payloads)).toList(),
          next == 0 ? null : (Long) next);
    }
  }

  private static QueuePage.QueuedMessage message(QueueReader.Entry entry, boolean payload) {
    return new QueuePage.QueuedMessage(
        entry.sequence(),
        entry.delivery().qos().value(),
        entry.publication() == null ? null : MessageInfos.of(entry.publication(), payload));
  }

  /** What is told of a session, or that there is none, by the shard of its client id. */
  private interface Teller<A> {
    A tell(Shard shard, @Nullable Session session);
  }

  private <A> CompletableFuture<A> ofShardOf(ClientName name, A elsewhere, Teller<A> teller) {
    String scoped = scoped(name);
    Shard shard = shardOf(scoped);
    if (shard == null) {
      return CompletableFuture.completedFuture(elsewhere);
    }
    CompletableFuture<A> answer = new CompletableFuture<>();
    shard.show(
        led -> complete(answer, () -> teller.tell(shard, led.state().sessionOf(scoped))),
        () -> answer.complete(elsewhere));
    return answer;
  }

  private static String scoped(ClientName name) {
    return ScopedName.of(Namespace.of(name.namespace()), name.clientId());
  }

  private @Nullable Shard shardOf(String scoped) {
    int count = shardCount.getAsInt();
    ShardHost running = host.get();
    return running == null || count == 0 ? null : running.shard(Shards.shardOf(scoped, count));
  }

  /** Answered when it is committed, or not at all: then somebody else leads, and may know. */
  private CompletableFuture<QueueCleared> clearQueue(QueueClearing asked) {
    String scoped = scoped(asked.client());
    Shard shard = shardOf(scoped);
    if (shard == null) {
      return CompletableFuture.completedFuture(QueueCleared.ELSEWHERE);
    }
    CompletableFuture<QueueCleared> answer = new CompletableFuture<>();
    shard.show(
        led -> clearQueue(led, led.state().sessionOf(scoped), asked, answer),
        () -> answer.complete(QueueCleared.ELSEWHERE));
    return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static void clearQueue(
      Leadership led,
      @Nullable Session session,
      QueueClearing asked,
      CompletableFuture<QueueCleared> answer) {
    if (session == null || (asked.session() != 0 && asked.session() != session.number())) {
      answer.complete(QueueCleared.NO_SESSION);
      return;
    }
    long number = session.number();
    long through = asked.through() == 0 ? session.lastSequence() : asked.through();
    if (!led.clearQueue(
        number,
        through,
        cleared -> answer.complete(new QueueCleared(true, true, cleared, number, through)))) {
      answer.completeExceptionally(
          new OperationRefusal("another queue of the same shard is being cleared"));
    }
  }

  private static <A> void complete(CompletableFuture<? super A> answer, Supplier<A> found) {
    try {
      answer.complete(found.get());
    } catch (RuntimeException e) { // of tables: an answer to whoever asked, and to nobody else
      answer.completeExceptionally(e);
    }
  }

  // ---- retained messages

  private CompletableFuture<RetainedShards> retained(RetainedQuery query) {
    Namespace namespace = Namespace.of(query.namespace());
    String filter = ScopedName.of(namespace, query.filter());
    String after = query.after().isEmpty() ? "" : ScopedName.of(namespace, query.after());
    ShardHost running = host.get();
    int shards = running == null ? 1 : Math.max(1, running.shards().size());
    RetainedPage.Room room =
        new RetainedPage.Room(query.limit(), Math.max(LEAST_BYTES_OF_A_SHARD, PAGE_BYTES / shards));
    return ofEach(
            (Shard shard, CompletableFuture<RetainedShards.@Nullable OfShard> whole) ->
                shard.show(
                    led ->
                        read(
                            Objects.requireNonNull(running),
                            whole,
                            () -> {
                              RetainedPage page =
                                  RetainedPage.read(
                                      shard.storage(), filter, after, room, clock.millis());
                              return new RetainedShards.OfShard(
                                  shard.number(),
                                  page.messages().stream()
                                      .map(one -> MessageInfos.of(one, query.payloads()))
                                      .toList(),
                                  ScopedName.local(page.through()));
                            }),
                    () -> whole.complete(null)))
        .thenApply(RetainedShards::new);
  }

  private static <A> void read(
      ShardHost running, CompletableFuture<@Nullable A> answer, Supplier<A> reading) {
    try {
      running.read(() -> complete(answer, reading));
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(new IllegalStateException("too many reads wait", e));
    }
  }

  // ---- shards

  /** Asks one shard. */
  private interface Asking<A> {
    /** What it answers completes {@code whole}; null: another store leads it. */
    void ask(Shard shard, CompletableFuture<@Nullable A> whole);
  }

  /** The answers of those that this store leads. */
  private <A> CompletableFuture<List<A>> ofEach(Asking<A> asking) {
    ShardHost running = host.get();
    List<CompletableFuture<@Nullable A>> each = new ArrayList<>();
    if (running != null) {
      for (Shard shard : running.shards()) {
        CompletableFuture<@Nullable A> whole = new CompletableFuture<>();
        each.add(whole);
        asking.ask(shard, whole);
      }
    }
    return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .thenApply(
            all -> {
              List<A> answers = new ArrayList<>();
              for (CompletableFuture<@Nullable A> one : each) {
                A answer = one.join();
                if (answer != null) {
                  answers.add(answer);
                }
              }
              return answers;
            });
  }
}
