package io.vmqtt.store.shard;

import com.google.protobuf.InvalidProtocolBufferException;
import io.vmqtt.model.Namespace;
import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.storage.v1.Entry;
import io.vmqtt.proto.storage.v1.LoggedCommand;
import io.vmqtt.proto.store.v1.Following;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.store.leading.KeptLately;
import io.vmqtt.store.leading.Leadership;
import io.vmqtt.store.leading.OwnPublish;
import io.vmqtt.store.leading.Pending;
import io.vmqtt.store.leading.Refusals;
import io.vmqtt.store.leading.RetainedReads;
import io.vmqtt.store.leading.RouterLink;
import io.vmqtt.store.leading.RouterPort;
import io.vmqtt.store.leading.Routers;
import io.vmqtt.store.leading.StoreClock;
import io.vmqtt.store.leading.StoreCommons;
import io.vmqtt.store.log.LogEntry;
import io.vmqtt.store.log.LogReader;
import io.vmqtt.store.log.ReplicatedLog;
import io.vmqtt.store.session.Command;
import io.vmqtt.store.session.Decision;
import io.vmqtt.store.session.NamespaceLoad;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.storage.ShardStorage;
import io.vmqtt.store.wire.Commands;
import io.vmqtt.store.wire.LoggedCommands;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica of a shard: what its log makes of it, and, while it may write to that log, its
 * leadership.
 *
 * <p>Everything happens on the shard's thread: commands come in from links, are gathered into log
 * entries and appended; committed entries come back, are decided and applied in order, written to
 * the tables in one batch, and only then answered. Public methods hand over to that thread and
 * return.
 */
public final class Shard implements LogReader {
  private static final Logger log = LoggerFactory.getLogger(Shard.class);

  private final int number;
  private final Executor thread;
  private final StoreCommons store;
  private final StoreClock clock;
  private final ShardOptions options;
  private final RetainedReads retainedReads;
  private final StateMachine machine;
  private final LogWriter writer;
  private final Routers routers;
  private final KeptLately keptLately = new KeptLately();
  private @Nullable Leading leading;
  private long lastLeadership;
  private long lastRouteVersion;
  private volatile boolean failed;
  private final AtomicLong applyNanos = new AtomicLong();
  private volatile ShardStatus status;
  private boolean countingOn;
  private volatile Map<Namespace, NamespaceHoldings> namespaces = Map.of();

  /** A leadership, and what takes frames in for it. */
  private record Leading(Leadership leadership, Intake intake) {
    boolean hasWritten(Batch batch) {
      return batch.leadership() == leadership.number();
    }
  }

  /**
   * Loads the shard.
   *
   * @param thread the shard's own: runs one task at a time, in order
   * @param pause between entries
   * @param readers for long reads
   * @param store what it shares with the other shards of its process
   */
  public Shard(
      int number,
      ShardStorage storage,
      long hashSeed,
      Executor thread,
      EntryPause pause,
      Executor readers,
      StoreCommons store,
      ShardOptions options,
      ShardCounts counts) {
    this.number = number;
    this.thread = thread;
    this.store = store;
    this.clock = store.clock();
    this.options = options;
    this.retainedReads = new RetainedReads(storage, readers, thread);
    this.routers = new Routers(store.options().routerLeaseMillis());
    this.machine = new StateMachine(number, storage, hashSeed, store.options().limits(), counts);
    this.writer =
        new LogWriter(
            options.entries(),
            pause,
            clock,
            (batch, problem) -> thread.execute(() -> notCommitted(batch, problem)),
            counts);
    this.status = newStatus();
  }

  @Override
  public int number() {
    return number;
  }

  /**
   * What it has of the namespaces that somebody has said something about; nothing where another
   * replica leads.
   */
  public Map<Namespace, NamespaceHoldings> namespaces() {
    return namespaces;
  }

  public ShardStatus status() {
    return status;
  }

  private ShardStatus newStatus() {
    Leadership leadership = leading == null ? null : leading.leadership;
    return new ShardStatus(
        number,
        leadership != null,
        leadership == null ? 0 : leadership.term(),
        machine.appliedIndex(),
        machine.state().sessions().size(),
        leadership == null ? 0 : leadership.open(),
        machine.state().queued(),
        machine.state().toPublish());
  }

  @Override
  public ShardStorage storage() {
    return machine.storage();
  }

  /** Shows what the leader of the shard knows, on its thread, for moments; or another leads. */
  public void show(Consumer<Leadership> viewer, Runnable otherwise) {
    thread.execute(
        () -> {
          if (leading == null || failed) {
            otherwise.run();
          } else {
            viewer.accept(leading.leadership);
          }
        });
  }

  // ---- from the log

  @Override
  public boolean failed() {
    return failed;
  }

  @Override
  public void appendTo(ReplicatedLog replicatedLog) {
    thread.execute(() -> writer.appendTo(replicatedLog));
  }

  @Override
  public void committed(
      long term,
      long index,
      @Nullable LogEntry own,
      Supplier<ByteBuffer> content,
      Consumer<@Nullable Throwable> done) {
    Runnable application =
        () -> {
          long began = System.nanoTime();
          try {
            apply(term, index, own instanceof Batch batch ? batch : null, content);
            applyNanos.addAndGet(System.nanoTime() - began);
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

  @Override
  public long applyNanos() {
    return applyNanos.get();
  }

  private void apply(long term, long index, @Nullable Batch batch, Supplier<ByteBuffer> content) {
    if (failed) {
      throw new IllegalStateException("shard " + number + " has failed before");
    }
    if (index <= status.appliedIndex()) {
      return;
    }
    if (batch != null) {
      apply(term, index, batch.commands(), batch.timeMillis(), batch.limits(), batch);
    } else {
      Entry entry = read(content.get());
      List<Pending> commands = new ArrayList<>(entry.getCommandsCount());
      for (LoggedCommand logged : entry.getCommandsList()) {
        commands.add(new Pending(Commands.of(logged), logged, null));
      }
      apply(term, index, commands, entry.getTimeMillis(), LoggedCommands.limits(entry), null);
    }
  }

  private static Entry read(ByteBuffer content) {
    try {
      return Entry.parseFrom(content);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a log entry is damaged", e);
    }
  }

  private void apply(
      long term,
      long index,
      List<Pending> commands,
      long timeMillis,
      @Nullable QueueLimits limits,
      @Nullable Batch batch) {
    writer.sawTime(timeMillis);
    List<Decision> decisions = machine.apply(term, index, commands, timeMillis, limits);
    status = newStatus();
    for (Pending pending : commands) {
      if (pending.command() instanceof Command.Publish publish && publish.keep()) {
        keptLately.add(publish, clock.uptimeMillis());
      }
    }
    if (batch != null && writer.applied(batch) && leading != null && leading.hasWritten(batch)) {
      stepDown(); // answers are cumulative: what is lost before it must not be among them
    }
    tell(commands, decisions, batch);
  }

  private void tell(List<Pending> commands, List<Decision> decisions, @Nullable Batch batch) {
    Leading telling = leading;
    if (telling == null) {
      machine.state().takeChangedRoutes();
      return;
    }
    boolean ours = batch != null && telling.hasWritten(batch);
    long now = clock.wallMillis();
    telling.leadership.announceRoutes();
    for (int i = 0; i < commands.size(); i++) {
      telling.leadership.applied(commands.get(i), decisions.get(i), ours, now);
      if (ours) {
        telling.intake.applied(commands.get(i).command());
      }
    }
  }

  @Override
  public void advanced(long term, long index, Runnable done) {
    thread.execute(
        () -> {
          if (!failed && index > machine.appliedIndex()) {
            machine.advance(term, index);
            status = newStatus();
          }
          done.run();
        });
  }

  @Override
  public void restore(Path checkpoint) {
    startOver(() -> storage().restore(checkpoint));
  }

  @Override
  public void reopen() {
    startOver(storage()::reopen);
  }

  /**
   * Ends the replica and closes its tables; its log hands it nothing any longer. Blocks; not for
   * the shard's own thread.
   */
  public void close() {
    CompletableFuture.runAsync(
            () -> {
              stepDown();
              failed = true; // what comes all the same is not applied
              storage().close();
            },
            thread)
        .join();
  }

  private void startOver(Runnable exchangeOfTables) {
    CompletableFuture.runAsync(
            () -> {
              stepDown();
              try {
                exchangeOfTables.run();
                machine.reload();
                status = newStatus();
                failed = false;
              } catch (RuntimeException | Error e) {
                failed = true;
                throw e;
              }
            },
            thread)
        .join();
  }

  /**
   * Nobody knows what became of an entry. Later ones may have made it, so answers of this
   * leadership would have gaps: it ends, and routers start over with the next one.
   */
  private void notCommitted(Batch batch, Throwable problem) {
    if (!writer.lost(batch)) {
      return;
    }
    log.warn("shard {}: an entry was not committed: {}", number, problem.toString());
    if (leading != null && leading.hasWritten(batch)) {
      stepDown(); // first, so that routers keep what is refused for the next leader
      batch.commands().forEach(one -> Refusals.pending(one, Failure.Reason.REASON_UNAVAILABLE));
    }
  }

  // ---- turns of the thread

  /**
   * The last thing in every turn of the shard's thread: what has gathered goes into the log and out
   * to routers.
   */
  public void endTurn() {
    Leading writing = leading;
    if (writing == null) {
      writer.takeMore();
    } else {
      writer.write(writing.leadership.number(), writing.leadership.limits());
      if (writing.leadership.run(clock.wallMillis())) {
        // More to push: others first, then the next turn.
        thread.execute(() -> {});
      }
    }
    routers.ports().forEach(RouterPort::flush);
  }

  /** To be called every now and then. */
  public void tick() {
    thread.execute(
        () -> {
          routers.tick(clock.uptimeMillis());
          Leading ticking = leading;
          long term = writer.writableTerm();
          if (ticking == null && term > 0) {
            writable(term);
          } else if (ticking != null && ticking.leadership.term() != term) {
            stepDown();
          } else if (ticking != null) {
            ticking.leadership.tick();
            countNamespaces();
          }
        });
  }

  /** Those that are named now; nothing is counted for others. */
  private void countNamespaces() {
    Set<Namespace> named = store.options().quotas().get().named();
    machine.retained().count(named);
    countRetainedOn();
    Map<Namespace, NamespaceHoldings> counted = new HashMap<>();
    for (Namespace namespace : named) {
      NamespaceLoad load = machine.state().load(namespace);
      counted.put(
          namespace,
          new NamespaceHoldings(
              load.sessions(), load.queueBytes(), machine.retained().of(namespace)));
    }
    namespaces = counted;
  }

  /** A slice at a time: the shard has other things to do, and so have those of its thread. */
  private void countRetainedOn() {
    if (machine.retained().countOn() && !countingOn) {
      countingOn = true;
      thread.execute(
          () -> {
            countingOn = false;
            countRetainedOn();
          });
    }
  }

  // ---- leadership

  @Override
  public void writable(long term) {
    thread.execute(
        () -> {
          if (failed
              || (leading != null && leading.leadership.term() >= term)
              || writer.writableTerm() != term) {
            return; // or no longer; the next tick looks again
          }
          stepDown();
          log.info("shard {} is led from here, term {}", number, term);
          Leading next = lead(term);
          leading = next;
          status = newStatus();
          next.leadership.begin();
        });
  }

  private Leading lead(long term) {
    Leadership leadership =
        new Leadership(
            number,
            ++lastLeadership,
            term,
            lastRouteVersion,
            machine.state(),
            storage(),
            retainedReads,
            routers,
            command -> writer.add(new Pending(command, LoggedCommands.of(command), null)),
            store);
    leadership.retained().begin(keptLately, machine.state());
    countNamespaces();
    return new Leading(
        leadership,
        new Intake(
            number,
            machine.state(),
            leadership,
            options,
            store.options().expiry(),
            new Admission(
                machine.state(),
                machine.retained(),
                store.options().quotas(),
                store.counts().namespaces()),
            writer::add,
            this::toClients,
            writer::isUpToDate));
  }

  /** What needs no entry: it is matched, and pushed or dropped. */
  private void toClients(Command.Publish publish) {
    if (leading != null) {
      long now = clock.wallMillis();
      leading.leadership.pushed(machine.decide(publish, now), now);
    }
  }

  @Override
  public void readOnly() {
    thread.execute(this::stepDown);
  }

  private void stepDown() {
    if (leading == null) {
      return;
    }
    Leadership was = leading.leadership;
    log.info("shard {} is no longer led from here, term {}", number, was.term());
    leading = null;
    machine.retained().count(Set.of());
    namespaces = Map.of();
    lastRouteVersion = was.routeVersion();
    status = newStatus();
    for (RouterPort port : routers.ports()) {
      port.state(false, was.term(), was.number());
    }
    writer.abandon().forEach(one -> Refusals.pending(one, Failure.Reason.REASON_NOT_LEADER));
    writer.takeMore();
  }

  // ---- from routers

  /** A router has a link. */
  public void linkUp(RouterLink link) {
    thread.execute(
        () -> {
          RouterPort port = new RouterPort(number, link);
          routers.up(port);
          if (leading == null) {
            port.state(false, 0, 0);
          } else {
            leading.leadership.linkUp(port);
          }
        });
  }

  /** A router's link is gone. */
  public void linkDown(RouterLink link) {
    thread.execute(
        () -> {
          RouterPort port = routers.down(link, clock.uptimeMillis());
          if (port != null && leading != null) {
            leading.leadership.linkDown(port);
          }
        });
  }

  /** A router's link takes more. */
  public void linkWritable(RouterLink link) {
    thread.execute(
        () -> {
          RouterPort port = routers.port(link);
          if (port != null && leading != null) {
            leading.leadership.writable(port);
          }
        });
  }

  /** These routers are in discovery, by node id. */
  public void routers(Set<String> nodeIds) {
    thread.execute(() -> routers.discovered(nodeIds, clock.uptimeMillis()));
  }

  /**
   * A publish of this shard's own was answered.
   *
   * @param reasonCode whether it is safe
   */
  public void publishAnswered(OwnPublish.Name name, int reasonCode) {
    thread.execute(
        () -> {
          if (leading != null) {
            leading.leadership.publishAnswered(name, reasonCode);
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
    writer.whenThereIsRoom(taken);
  }

  private void take(RouterPort port, RouterToStoreFrame frame) {
    Leading taking = leading;
    if (frame.hasFollowing()) {
      follows(taking, port, frame.getFollowing());
    } else if (taking == null) {
      if (frame.hasRequest()) {
        Refusals.request(port, frame.getRequest(), Failure.Reason.REASON_NOT_LEADER);
      }
    } else if (port.isFollowing(taking.leadership.number())) {
      taking.intake.take(port, frame);
    }
  }

  private static void follows(@Nullable Leading leading, RouterPort port, Following following) {
    port.follows(following.getLeadership());
    if (leading != null && port.isFollowing(leading.leadership.number())) {
      leading.leadership.retained().following(port, following);
    }
  }
}
