package io.vmqtt.store.shard;

import io.vmqtt.store.leading.Pending;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.Command;
import io.vmqtt.store.session.Decision;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.session.ShardRules;
import io.vmqtt.store.session.ShardState;
import io.vmqtt.store.storage.ShardStorage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a replica makes of its log: the state in memory and the tables on disk, both as of the same
 * entry. The same entries make the same of every replica. Used on the shard's thread.
 */
public final class StateMachine {
  private final int number;
  private final ShardStorage storage;
  private final long hashSeed;
  private final QueueLimits ownLimits;
  private final ShardCounts counts;
  private ShardState state;
  private ShardRules rules;
  private final RetainedUse retained;

  /**
   * Loads the state from the tables.
   *
   * @param ownLimits decide entries that do not say by which they are to be decided
   */
  public StateMachine(
      int number, ShardStorage storage, long hashSeed, QueueLimits ownLimits, ShardCounts counts) {
    this.number = number;
    this.storage = storage;
    this.hashSeed = hashSeed;
    this.ownLimits = ownLimits;
    this.counts = counts;
    this.retained = new RetainedUse(storage);
    this.state = loaded();
    this.rules = new ShardRules(number, state, ownLimits);
  }

  private ShardState loaded() {
    ShardState loaded = new ShardState(hashSeed);
    storage.load(loaded);
    return loaded;
  }

  /** Forgets the state, and loads it again. */
  void reload() {
    state = loaded();
    rules = new ShardRules(number, state, ownLimits);
  }

  /** What its retained messages count for. */
  RetainedUse retained() {
    return retained;
  }

  ShardStorage storage() {
    return storage;
  }

  /** Another object after {@link #reload}. */
  public ShardState state() {
    return state;
  }

  /** Index of the entry that state and tables are as of. */
  public long appliedIndex() {
    return storage.applied().getIndex();
  }

  /**
   * Applies an entry: all of it is in the tables when this returns.
   *
   * @param limits those that its writer decided by; null: it did not say
   */
  public List<Decision> apply(
      long term,
      long index,
      List<Pending> commands,
      long timeMillis,
      @Nullable QueueLimits limits) {
    rules.decideBy(limits == null ? ownLimits : limits);
    List<Decision> decisions = new ArrayList<>(commands.size());
    for (Pending command : commands) {
      Decision decision = rules.decide(command.command(), timeMillis);
      for (Change change : decision.changes()) {
        if (change instanceof Change.Retained kept) {
          retained.changes(kept);
        }
        storage.stage(change, state);
        state.apply(change, storage::stageBodyRemoved);
        counts.count(change);
      }
      decisions.add(decision);
    }
    storage.commit(term, index, state);
    retained.committed();
    counts.entries.increment();
    counts.commands.add(commands.size());
    return decisions;
  }

  /** The log went on without commands. */
  public void advance(long term, long index) {
    storage.commit(term, index, state);
  }

  /** Decides what changes nothing, and so needs no entry. */
  Decision decide(Command.Publish publish, long nowMillis) {
    return rules.decide(publish, nowMillis);
  }
}
