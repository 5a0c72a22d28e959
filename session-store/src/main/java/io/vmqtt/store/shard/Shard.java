package io.vmqtt.store.shard;

import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.storage.v1.Entry;
import io.vmqtt.proto.storage.v1.LoggedCommand;
import io.vmqtt.proto.store.v1.Following;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.Command;
import io.vmqtt.store.session.Decision;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.session.Reply;
import io.vmqtt.store.session.ShardRules;
import io.vmqtt.store.session.ShardState;
import io.vmqtt.store.storage.ShardStorage;
import io.vmqtt.store.wire.Commands;
import io.vmqtt.store.wire.LoggedCommands;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica of a shard: its state, its tables, and, while it leads, its leadership.
 *
 * <p>Everything happens on the shard's thread: commands come in from links, are gathered into log
 * entries and submitted; committed entries come back, are decided and applied in order, written to
 * the tables in one batch, and only then answered. Public methods hand over to that thread and
 * return.
 */
public final class Shard {
  private static final Logger log = LoggerFactory.getLogger(Shard.class);

  private final int number;
  private final Executor thread;
  private final RetainedReads retainedReads;
  private final ShardClock clock;
  private final ShardOptions options;
  private final ShardCounts counts;
  private final GatewayWatch gateways;
  private final ShardStorage storage;
  private final long hashSeed;
  private final Routers routers;
  private final KeptLately keptLately = new KeptLately();
  private final CommandQueue pending;
  private final EntryPause pause;
  private final Deque<Runnable> heldBack = new ArrayDeque<>();
  private ShardState state;
  private ShardRules rules;
  private @Nullable Submitter submitter;
  private @Nullable Leadership leadership;
  private final SubmittedBatches submitted = new SubmittedBatches();
  private long lastLeadership;
  private long lastTimeMillis;
  private long lastRouteVersion;
  private volatile boolean failed;
  private volatile ShardStatus status;

  /**
   * Loads the shard.
   *
   * @param thread the shard's own: runs one task at a time, in order
   * @param pause between entries
   * @param readers for long reads
   */
  Shard(
      int number,
      ShardStorage storage,
      long hashSeed,
      Executor thread,
      EntryPause pause,
      Executor readers,
      ShardClock clock,
      ShardOptions options,
      GatewayWatch gateways,
      ShardCounts counts) {
    this.number = number;
    this.storage = storage;
    this.thread = thread;
    this.retainedReads = new RetainedReads(storage, readers, thread);
    this.pause = pause;
    this.clock = clock;
    this.options = options;
    this.routers = new Routers(options.routerLeaseMillis());
    this.pending = new CommandQueue(options);
    this.gateways = gateways;
    this.counts = counts;
    this.hashSeed = hashSeed;
    this.state = loaded();
    this.rules = new ShardRules(number, state, options.limits());
    this.status = status(storage.applied().getIndex());
  }

  private ShardState loaded() {
    ShardState loaded = new ShardState(hashSeed);
    storage.load(loaded);
    return loaded;
  }

  public int number() {
    return number;
  }

  public ShardStatus status() {
    return status;
  }

  ShardStorage storage() {
    return storage;
  }

  /** Whether it could not apply an entry: it must not go on. */
  boolean failed() {
    return failed;
  }

  void submitTo(Submitter newSubmitter) {
    thread.execute(() -> submitter = newSubmitter);
  }

  // ---- from the log

  /** An entry is committed. {@code done} runs, with what went wrong or null, when it is applied. */
  void committed(
      long term,
      long index,
      @Nullable Batch batch,
      LazyEntry entry,
      java.util.function.Consumer<@Nullable Throwable> done) {
    Runnable application =
        () -> {
          try {
            apply(term, index, batch, entry);
            done.accept(null);
          } catch (RuntimeException | Error e) {
            failed = true;
            log.error("shard {} cannot apply entry {} and stops", number, index, e);
            done.accept(e);
          }
        };
    try {
      thread.execute(application);
    } catch (RejectedExecutionException e) {
      done.accept(e);
    }
  }

  /** Goes on from a checkpoint of another replica. Blocks; not for the shard's own thread. */
  void restore(Path checkpoint) {
    startOver(() -> storage.restore(checkpoint));
  }

  /** Goes on from its tables, whatever it failed at. Blocks; not for the shard's own thread. */
  void reopen() {
    startOver(storage::reopen);
  }

  private void startOver(Runnable exchangeOfTables) {
    CompletableFuture.runAsync(
            () -> {
              stepDown();
              try {
                exchangeOfTables.run();
                state = loaded();
                rules = new ShardRules(number, state, options.limits());
                status = status(storage.applied().getIndex());
                failed = false;
              } catch (RuntimeException | Error e) {
                failed = true;
                throw e;
              }
            },
            thread)
        .join();
  }

  /** An entry in its form on the wire, to be read if nobody has it in memory. */
  @FunctionalInterface
  interface LazyEntry {
    Entry read();
  }

  /** The log went on without commands. */
  void advanced(long term, long index, Runnable done) {
    thread.execute(
        () -> {
          if (!failed && index > storage.applied().getIndex()) {
            storage.commit(term, index, state);
            status = status(index);
          }
          done.run();
        });
  }

  private void apply(long term, long index, @Nullable Batch batch, LazyEntry lazyEntry) {
    if (failed) {
      throw new IllegalStateException("shard " + number + " has failed before");
    }
    if (index <= status.appliedIndex()) {
      return;
    }
    List<Pending> commands;
    long timeMillis;
    if (batch != null) {
      commands = batch.commands();
      timeMillis = batch.timeMillis();
      rules.decideBy(batch.owner().limits());
    } else {
      Entry entry = lazyEntry.read();
      timeMillis = entry.getTimeMillis();
      QueueLimits limits = LoggedCommands.limits(entry);
      rules.decideBy(limits == null ? options.limits() : limits);
      commands = new ArrayList<>(entry.getCommandsCount());
      for (LoggedCommand logged : entry.getCommandsList()) {
        commands.add(new Pending(Commands.of(logged), logged, null));
      }
    }
    lastTimeMillis = Math.max(lastTimeMillis, timeMillis);
    List<Decision> decisions = new ArrayList<>(commands.size());
    for (Pending command : commands) {
      Decision decision = rules.decide(command.command(), timeMillis);
      for (Change change : decision.changes()) {
        storage.stage(change, state);
        state.apply(change, storage::stageBodyRemoved);
        counts.count(change);
      }
      if (command.command() instanceof Command.Publish publish && publish.keep()) {
        keptLately.add(publish, clock.uptimeMillis());
      }
      decisions.add(decision);
    }
    storage.commit(term, index, state);
    counts.entries.increment();
    counts.commands.add(commands.size());
    status = status(index);
    if (batch != null) {
      boolean gap = batch.owner() == leadership && submitted.hasOvertaken(batch);
      submitted.remove(batch);
      if (gap) {
        stepDown(); // answers are cumulative: what is lost before it must not be among them
      }
    }
    tell(commands, decisions, batch != null && batch.owner() == leadership);
  }

  private void tell(List<Pending> commands, List<Decision> decisions, boolean ours) {
    Leadership leading = leadership;
    if (leading == null) {
      state.takeChangedRoutes();
      return;
    }
    long now = clock.wallMillis();
    leading.announceRoutes();
    for (int i = 0; i < commands.size(); i++) {
      Decision decision = decisions.get(i);
      if (decision.reply() instanceof Reply.Refused) {
        counts.refused.increment();
      }
      leading.applied(commands.get(i), decision, ours, now);
    }
  }

  /**
   * The last thing in every turn of the shard's thread: what has gathered goes into the log and out
   * to routers.
   */
  void endTurn() {
    submit();
    Leadership leading = leadership;
    if (leading != null && leading.run(clock.wallMillis())) {
      // More to push: others first, then the next turn.
      thread.execute(() -> {});
    }
    flushPorts();
  }

  private void flushPorts() {
    routers.ports().forEach(RouterPort::flush);
  }

  // ---- leadership

  /** This replica leads from now on; all earlier entries were handed over before. */
  void lead(long term) {
    thread.execute(
        () -> {
          Submitter to = submitter;
          if (failed
              || (leadership != null && leadership.term() >= term)
              || to == null
              || to.leaderTerm() != term) {
            return; // or no longer; the next tick looks again
          }
          stepDown();
          log.info("shard {} is led from here, term {}", number, term);
          Leadership leading =
              new Leadership(
                  number,
                  ++lastLeadership,
                  term,
                  lastRouteVersion,
                  state,
                  storage,
                  retainedReads,
                  routers,
                  this::logOwn,
                  gateways,
                  options,
                  clock,
                  counts);
          leading.takeBy(
              new Intake(
                  number,
                  state,
                  leading,
                  options,
                  pending::add,
                  this::toClients,
                  this::isUpToDate));
          leading.retained().begin(keptLately, state);
          leadership = leading;
          status = status(status.appliedIndex());
          leading.begin();
        });
  }

  /** This replica does not lead any longer. */
  void follow() {
    thread.execute(this::stepDown);
  }

  private void stepDown() {
    Leadership was = leadership;
    if (was == null) {
      return;
    }
    log.info("shard {} is no longer led from here, term {}", number, was.term());
    leadership = null;
    lastRouteVersion = was.routeVersion();
    status = status(status.appliedIndex());
    for (RouterPort port : routers.ports()) {
      port.state(false, was.term(), was.number());
    }
    List<Pending> abandoned = pending.abandon();
    abandoned.forEach(one -> Refusals.pending(one, Failure.Reason.REASON_NOT_LEADER));
    takeMore();
  }

  private void logOwn(Command command) {
    pending.add(new Pending(command, LoggedCommands.of(command), null));
  }

  /** To be called every now and then. */
  public void tick() {
    thread.execute(
        () -> {
          routers.tick(clock.uptimeMillis());
          Leadership leading = leadership;
          long term = submitter == null ? 0 : submitter.leaderTerm();
          if (leading == null && term > 0) {
            lead(term);
          } else if (leading != null && leading.term() != term) {
            stepDown();
          } else if (leading != null) {
            leading.tick();
          }
        });
  }

  // ---- from routers

  /** A router has a link. */
  public void linkUp(RouterLink link) {
    thread.execute(
        () -> {
          RouterPort port = new RouterPort(number, link);
          routers.up(port);
          Leadership leading = leadership;
          if (leading == null) {
            port.state(false, 0, 0);
          } else {
            leading.linkUp(port);
          }
        });
  }

  /** A router's link is gone. */
  public void linkDown(RouterLink link) {
    thread.execute(
        () -> {
          RouterPort port = routers.down(link, clock.uptimeMillis());
          Leadership leading = leadership;
          if (port != null && leading != null) {
            leading.linkDown(port);
          }
        });
  }

  /** A router's link takes more. */
  public void writable(RouterLink link) {
    thread.execute(
        () -> {
          RouterPort port = routers.port(link);
          Leadership leading = leadership;
          if (port != null && leading != null) {
            leading.writable(port);
          }
        });
  }

  /** These routers are in discovery, by node id. */
  public void routers(Set<String> nodeIds) {
    thread.execute(() -> routers.discovered(nodeIds, clock.uptimeMillis()));
  }

  /**
   * A will of this shard was answered.
   *
   * @param refusal reason code; 0: it is safe
   */
  public void willAnswered(long will, int refusal) {
    thread.execute(
        () -> {
          Leadership leading = leadership;
          if (leading != null) {
            leading.willAnswered(will, refusal);
          }
        });
  }

  /**
   * Frames have come in for this shard.
   *
   * @param taken runs when there is room for more
   */
  public void receive(RouterLink link, List<RouterToStoreFrame> frames, Runnable taken) {
    try {
      thread.execute(() -> take(link, frames, taken));
    } catch (RejectedExecutionException e) {
      // It closes, or has far too much to do: what is lost here is sent again on the next link.
      link.link().close("shard " + number + " takes nothing: " + e.getMessage());
    }
  }

  private void take(RouterLink link, List<RouterToStoreFrame> frames, Runnable taken) {
    RouterPort port = routers.port(link);
    if (port != null) {
      for (RouterToStoreFrame frame : frames) {
        take(port, frame);
      }
    }
    heldBack.addLast(taken);
    takeMore();
  }

  private void takeMore() {
    while (!pending.isFull()) {
      Runnable next = heldBack.pollFirst();
      if (next == null) {
        return;
      }
      next.run();
    }
  }

  private void take(RouterPort port, RouterToStoreFrame frame) {
    Leadership leading = leadership;
    if (frame.hasFollowing()) {
      follows(leading, port, frame.getFollowing());
    } else if (leading == null) {
      if (frame.hasRequest()) {
        Refusals.request(port, frame.getRequest(), Failure.Reason.REASON_NOT_LEADER);
      }
    } else if (port.isFollowing(leading.number())) {
      leading.intake().take(port, frame);
    }
  }

  private static void follows(@Nullable Leadership leading, RouterPort port, Following following) {
    port.follows(following.getLeadership());
    if (leading != null && port.isFollowing(leading.number())) {
      leading.retained().following(port, following);
    }
  }

  /** What needs no entry: it is matched, and pushed or dropped. */
  private void toClients(Command.Publish publish) {
    Leadership leading = leadership;
    if (leading != null) {
      long now = clock.wallMillis();
      leading.pushed(rules.decide(publish, now), now);
    }
  }

  private boolean isUpToDate() {
    Submitter to = submitter;
    return to != null && !to.mayBeDeposed() && pending.isEmpty() && submitted.size() == 0;
  }

  // ---- to the log

  private void submit() {
    Submitter to = submitter;
    while (to != null && leadership != null && pending.isDue(submitted.size(), pause)) {
      lastTimeMillis = Math.max(lastTimeMillis, clock.wallMillis());
      Batch batch = new Batch(lastTimeMillis, pending.next(), leadership);
      submitted.add(batch);
      pause.begin(batch.commands().size());
      CompletableFuture<Void> fate =
          to.submit(batch)
              .whenComplete(
                  (done, problem) -> {
                    if (problem != null) {
                      thread.execute(() -> notCommitted(batch, problem));
                    }
                  });
      log.trace("shard {}: submitted {}", number, fate);
    }
    takeMore();
  }

  /**
   * Nobody knows what became of an entry. Later ones may have made it, so answers of this
   * leadership would have gaps: it ends, and routers start over with the next one.
   */
  private void notCommitted(Batch batch, Throwable problem) {
    if (!submitted.remove(batch)) {
      return;
    }
    counts.failedEntries.increment();
    log.warn("shard {}: an entry was not committed: {}", number, problem.toString());
    if (batch.owner() == leadership) {
      stepDown(); // first, so that routers keep what is refused for the next leader
      batch.commands().forEach(one -> Refusals.pending(one, Failure.Reason.REASON_UNAVAILABLE));
    }
  }

  private ShardStatus status(long appliedIndex) {
    Leadership leading = leadership;
    return new ShardStatus(
        number,
        leading != null,
        leading == null ? 0 : leading.term(),
        appliedIndex,
        state.sessions().size(),
        leading == null ? 0 : leading.open(),
        state.queued());
  }
}
