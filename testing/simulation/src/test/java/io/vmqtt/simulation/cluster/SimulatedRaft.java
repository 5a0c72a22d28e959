package io.vmqtt.simulation.cluster;

import io.vmqtt.simulation.world.Network;
import io.vmqtt.testkit.time.VirtualTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The log of one shard and who leads it: what Raft guarantees, with all that it allows. Elections
 * are held by an all-knowing hand; entries, acknowledgements and the news of a commit travel like
 * any message, and an old leader learns that it is none when somebody tells it, or nobody does.
 *
 * <p>Every replica's log is a beginning of the one list here: an election cuts what its winner does
 * not have, off all logs at once.
 */
final class SimulatedRaft {
  private static final long TICK_MILLIS = 100;
  private static final long ELECTION_MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
  private static final long ELECTION_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(900);
  private static final long LONGEST_FSYNC_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

  private final VirtualTime time;
  private final Network network;
  private final RandomGenerator random;
  private final Flaw flaw;
  private final List<RaftReplica> replicas = new ArrayList<>();
  private final List<RaftEntry> log = new ArrayList<>();
  private @Nullable RaftReplica leader;
  private long term;
  private long committed;
  private long leaderlessSinceNanos;
  private long patienceNanos;

  /**
   * @param flaw what is wrong with it
   */
  SimulatedRaft(VirtualTime time, Network network, RandomGenerator random, Flaw flaw) {
    this.time = time;
    this.network = network;
    this.random = random;
    this.flaw = flaw;
    this.leaderlessSinceNanos = time.getAsLong();
    var _ =
        time.timer(Runnable::run)
            .scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** One more member of the group; none of them is up. */
  RaftReplica addReplica() {
    RaftReplica replica = new RaftReplica(this, random);
    replicas.add(replica);
    return replica;
  }

  RaftEntry entry(long index) {
    return log.get((int) index - 1);
  }

  /** Makes another replica the leader, if one is fit for it. */
  void transfer() {
    RaftReplica from = leader;
    if (from == null || !from.isAwake()) {
      return;
    }
    List<RaftReplica> fit =
        replicas.stream()
            .filter(other -> other != from && connected(other, from) && canWin(other))
            .toList();
    if (!fit.isEmpty()) {
      from.stepDown();
      win(fit.get(random.nextInt(fit.size())));
    }
  }

  /** A replica that believes to lead has something for the log. */
  void submitted(RaftReplica by, RaftEntry entry) {
    if (by != leader || by.term() != term) {
      return; // it will learn that nobody took it
    }
    log.add(entry);
    long index = log.size();
    long inTerm = term;
    by.wroteThrough(index);
    fsync(
        by,
        () -> {
          if (term == inTerm) {
            by.hasThrough(index);
            advance();
          }
        });
    if (flaw == Flaw.ACKNOWLEDGES_BEFORE_COMMIT) {
      by.committedThrough(index);
    }
    replicate();
  }

  private void fsync(RaftReplica at, Runnable then) {
    int run = at.run();
    time.after(
        random.nextLong(LONGEST_FSYNC_NANOS),
        () -> {
          if (at.run() == run) {
            then.run();
          }
        });
  }

  private boolean connected(RaftReplica one, RaftReplica other) {
    return one == other
        || (one.isUp() && other.isUp() && network.connects(one.process(), other.process()));
  }

  private boolean reachesMajority(RaftReplica replica) {
    int reached = 0;
    for (RaftReplica other : replicas) {
      reached += connected(replica, other) ? 1 : 0;
    }
    return replica.isAwake() && 2 * reached > replicas.size();
  }

  // --- replication

  private void replicate() {
    RaftReplica from = leader;
    if (from == null) {
      return;
    }
    for (RaftReplica to : replicas) {
      if (to != from && connected(from, to)) {
        append(from, to);
      }
    }
  }

  private void append(RaftReplica from, RaftReplica to) {
    long inTerm = term;
    long through = log.size();
    long commit = committed;
    time.after(
        network.latencyNanos(),
        () -> {
          if (term == inTerm && connected(from, to)) {
            to.hears(inTerm);
            to.wroteThrough(through);
            if (flaw == Flaw.ACKNOWLEDGES_BEFORE_SYNC) {
              appended(from, to, inTerm, through, commit);
            }
            fsync(
                to,
                () -> {
                  if (term == inTerm) {
                    to.hasThrough(through);
                    appended(from, to, inTerm, through, commit);
                  }
                });
          }
        });
  }

  private void appended(RaftReplica from, RaftReplica to, long inTerm, long through, long commit) {
    if (term != inTerm) {
      return;
    }
    to.committedThrough(Math.min(commit, through));
    time.after(
        network.latencyNanos(),
        () -> {
          if (term == inTerm && connected(from, to)) {
            to.acknowledgedThrough(through);
            advance();
          }
        });
  }

  /** The leader counts who has what. */
  private void advance() {
    RaftReplica counting = leader;
    if (counting == null || !counting.isAwake()) {
      return;
    }
    long[] matches = new long[replicas.size()];
    for (int i = 0; i < matches.length; i++) {
      RaftReplica one = replicas.get(i);
      matches[i] = one == counting ? lengthOf(one) : one.acknowledged();
    }
    Arrays.sort(matches);
    long byMajority = matches[(matches.length - 1) / 2];
    if (byMajority > committed && entry(byMajority).term() == term) {
      committed = byMajority;
      counting.committedThrough(committed);
      replicate();
    }
  }

  /** How much of the log a replica says that it has. */
  private long lengthOf(RaftReplica replica) {
    return flaw == Flaw.ACKNOWLEDGES_BEFORE_SYNC ? replica.written() : replica.length();
  }

  // --- leadership

  private void tick() {
    replicas.forEach(one -> one.tick(reachesMajority(one), time.getAsLong(), ELECTION_MAX_NANOS));
    RaftReplica leading = leader;
    if (leading != null && leading.leads() && reachesMajority(leading)) {
      leaderlessSinceNanos = time.getAsLong();
      patienceNanos = random.nextLong(ELECTION_MIN_NANOS, ELECTION_MAX_NANOS);
      replicate();
      advance();
    } else if (time.getAsLong() - leaderlessSinceNanos > patienceNanos) {
      List<RaftReplica> fit = replicas.stream().filter(this::canWin).toList();
      if (!fit.isEmpty()) {
        win(fit.get(random.nextInt(fit.size())));
      }
    }
  }

  /** Whether a majority would vote for it. */
  private boolean canWin(RaftReplica candidate) {
    return candidate.isAwake()
        && 2
                * replicas.stream()
                    .filter(voter -> connected(candidate, voter))
                    .filter(voter -> lengthOf(voter) <= lengthOf(candidate))
                    .count()
            > replicas.size();
  }

  private void win(RaftReplica winner) {
    term++;
    long kept = lengthOf(winner);
    boolean isSafe =
        flaw != Flaw.ACKNOWLEDGES_BEFORE_COMMIT && flaw != Flaw.ACKNOWLEDGES_BEFORE_SYNC;
    if (kept < committed && isSafe) {
      throw new IllegalStateException("an election would lose what is committed");
    }
    log.subList((int) kept, log.size()).clear();
    replicas.forEach(one -> one.cutAfter(kept));
    leader = winner;
    leaderlessSinceNanos = time.getAsLong();
    winner.leads(term);
    submitted(winner, RaftEntry.ofTerm(term));
  }
}
