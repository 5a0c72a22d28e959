package io.vmqtt.simulation.cluster;

import io.vmqtt.model.Delivery;
import io.vmqtt.model.Qos;
import io.vmqtt.proto.storage.v1.Applied;
import io.vmqtt.store.retained.RetainedMessages;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.ShardState;
import io.vmqtt.store.storage.ShardStorage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Tables in the heap that can crash. As with RocksDB without a log of its own, what was committed
 * is on disk only from a later flush on.
 */
final class HeapStorage implements ShardStorage {
  /** One commit in so many is followed by a flush. */
  private static final int FLUSH_ONE_IN = 40;

  private final RandomGenerator random;
  private final List<Commit> commits = new ArrayList<>();
  private final Map<Long, NavigableMap<Long, Entry>> queues = new HashMap<>();
  private final NavigableMap<String, Publication> retained = new TreeMap<>();
  private final NavigableMap<String, Publication> replaced = new TreeMap<>();
  private final Flaw flaw;
  private List<Change> staged = new ArrayList<>();
  private int flushed;

  private record Commit(Applied applied, List<Change> changes) {}

  /**
   * @param flaw what is wrong with it
   */
  HeapStorage(RandomGenerator random, Flaw flaw) {
    this.random = random;
    this.flaw = flaw;
  }

  /** The first entry from which this one and another replica have made different things. */
  Optional<String> difference(HeapStorage other) {
    for (int i = 0; i < Math.min(commits.size(), other.commits.size()); i++) {
      if (!commits.get(i).equals(other.commits.get(i))) {
        return Optional.of(commits.get(i) + " here, " + other.commits.get(i) + " there");
      }
    }
    return Optional.empty();
  }

  /** Only what was flushed is still there. */
  void crash() {
    commits.subList(flushed, commits.size()).clear();
    staged.clear();
    queues.clear();
    retained.clear();
    commits.forEach(commit -> commit.changes.forEach(this::write));
  }

  @Override
  public Applied applied() {
    return commits.isEmpty() ? Applied.getDefaultInstance() : commits.getLast().applied;
  }

  @Override
  public void load(ShardState state) {
    for (Commit commit : commits) {
      commit.changes.forEach(change -> state.apply(change, body -> {}));
    }
    state.restoreCounters(applied().getLastNumber(), applied().getTurn());
    state.restored();
  }

  @Override
  public void stage(Change change, ShardState state) {
    staged.add(change);
    write(change);
  }

  private void write(Change change) {
    switch (change) {
      case Change.Queued entry ->
          queue(entry.session())
              .put(
                  entry.sequence(),
                  new Entry(
                      entry.sequence(), entry.publication(), entry.delivery(), entry.share()));
      case Change.Dequeued gone -> queue(gone.session()).remove(gone.sequence());
      case Change.Dropped gone -> queue(gone.session()).remove(gone.sequence());
      case Change.Received received ->
          queue(received.session())
              .put(
                  received.sequence(),
                  new Entry(received.sequence(), null, Delivery.of(Qos.AT_MOST_ONCE, false)));
      case Change.SessionRemoved removed -> queues.remove(removed.session());
      case Change.SessionEnded ended ->
          queue(ended.session())
              .values()
              .removeIf(entry -> entry.share() == null || entry.publication() == null);
      case Change.EstateSettled settled -> queues.remove(settled.session());
      case Change.Retained message -> {
        Publication publication = message.publication();
        Publication before =
            publication == null
                ? retained.remove(message.topic())
                : retained.put(message.topic(), publication);
        if (before != null) {
          replaced.put(message.topic(), before);
        }
      }
      default -> {
        // the state has it
      }
    }
  }

  private NavigableMap<Long, Entry> queue(long session) {
    return queues.computeIfAbsent(session, number -> new TreeMap<>());
  }

  @Override
  public int retainedBytes(String topic) {
    Publication message = retained.get(topic);
    return message == null ? 0 : message.bytes();
  }

  @Override
  public void stageBodyRemoved(long body) {}

  @Override
  public void commit(long term, long index, ShardState state) {
    if (flaw == Flaw.LOSES_CHANGES && !staged.isEmpty() && random.nextInt(FLUSH_ONE_IN) == 0) {
      staged.removeLast();
    }
    commits.add(
        new Commit(
            Applied.newBuilder()
                .setTerm(term)
                .setIndex(index)
                .setLastNumber(state.lastNumber())
                .setTurn(state.turn())
                .build(),
            staged));
    staged = new ArrayList<>();
    if (random.nextInt(FLUSH_ONE_IN) == 0) {
      flush();
    }
  }

  @Override
  public List<Entry> read(long session, long fromSequence, int limit, int maxBytes) {
    return queue(session).tailMap(fromSequence).values().stream().limit(limit).toList();
  }

  @Override
  public void scan(String fromTopic, RetainedMessages.Visitor visitor) {
    NavigableMap<String, Publication> table =
        flaw == Flaw.READS_WHAT_WAS_BEFORE ? replaced : retained;
    for (Publication publication : table.tailMap(fromTopic).values()) {
      if (!visitor.visit(publication)) {
        return;
      }
    }
  }

  @Override
  public void flush() {
    flushed = commits.size();
  }

  @Override
  public void checkpoint(Path target) {
    throw new UnsupportedOperationException("the simulated log is never cut");
  }

  @Override
  public void reopen() {
    throw new UnsupportedOperationException("simulated shards never close by themselves");
  }

  @Override
  public void restore(Path checkpoint) {
    throw new UnsupportedOperationException("the simulated log is never cut");
  }

  @Override
  public void close() {}
}
