package io.vmqtt.router.link;

import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.router.publish.Awaited;
import io.vmqtt.router.publish.MemoryForPublishes;
import io.vmqtt.router.publish.PublishSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The topics whose retained message is being replaced. A value leaves for subscribers only when its
 * shard has it: else one could hear of it and then, as a newcomer, read the value of before. What
 * is published to such a topic meanwhile waits behind it, so that order holds. Confined to the
 * router's thread.
 */
final class RetainedTurns {
  private final Map<String, ArrayDeque<Turn>> byTopic = new HashMap<>();
  private final long maxHeldBytes;
  private final MemoryForPublishes memory;
  private final Consumer<Turn> deliver;
  private long heldBytes;

  /**
   * @param maxHeldBytes of publishes that wait behind a retained one
   * @param memory where all count that wait
   * @param deliver sends one to its subscribers, or answers its refusal
   */
  RetainedTurns(long maxHeldBytes, MemoryForPublishes memory, Consumer<Turn> deliver) {
    this.maxHeldBytes = maxHeldBytes;
    this.memory = memory;
    this.deliver = deliver;
  }

  /** A publish that waits for its turn. */
  final class Turn implements Awaited {
    final PublishSource source;
    final Publish publish;

    /** The shard that retains it, and the number that it has there; null: it is not retained. */
    final @Nullable ShardPeer retainer;

    final long sequenceAtRetainer;
    int refusal;

    /** It has come again: its source wants to know, and nobody else. */
    boolean settledBefore;

    private final int bytes;
    private boolean ready;
    private boolean forgotten;

    private Turn(PublishSource source, Publish publish, @Nullable ShardPeer retainer, int bytes) {
      this.source = source;
      this.publish = publish;
      this.retainer = retainer;
      this.sequenceAtRetainer = retainer == null ? 0 : retainer.undelivered.nextSequence();
      this.bytes = bytes;
      this.ready = retainer == null;
    }

    @Override
    public void sent() {}

    @Override
    public void arrived() {
      if (retainer != null && refusal == 0 && !settledBefore) {
        retainer.retained(sequenceAtRetainer, publish.getMessage().getTopic());
      }
      ready = true;
      proceed(publish.getMessage().getTopic());
    }

    @Override
    public void refused(int reasonCode) {
      refusal = reasonCode;
    }

    @Override
    public void settledBefore() {
      settledBefore = true;
    }

    @Override
    public void forgotten() {
      forgotten = true;
      ready = true;
      proceed(publish.getMessage().getTopic());
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a source is itself
    public boolean isOf(PublishSource who, LongPredicate sequences) {
      return source == who && sequences.test(publish.getSequence());
    }
  }

  /** Whether publishes to this topic have to wait. */
  boolean isTaken(String topic) {
    return !byTopic.isEmpty() && byTopic.containsKey(topic);
  }

  /** Whether no more may wait behind retained publishes. */
  boolean isFull() {
    return heldBytes >= maxHeldBytes || memory.isFull();
  }

  /** A publish that is to be retained: it waits for its shard to say that it is. */
  Turn retain(PublishSource source, Publish publish, ShardPeer retainer, int bytes) {
    return add(new Turn(source, publish, retainer, bytes));
  }

  /** A publish to a topic that {@linkplain #isTaken is taken}. */
  void hold(PublishSource source, Publish publish, int bytes) {
    heldBytes += bytes;
    add(new Turn(source, publish, null, bytes));
  }

  private Turn add(Turn turn) {
    memory.keep(turn.bytes);
    byTopic
        .computeIfAbsent(turn.publish.getMessage().getTopic(), topic -> new ArrayDeque<>(2))
        .addLast(turn);
    return turn;
  }

  private void proceed(String topic) {
    ArrayDeque<Turn> turns = byTopic.get(topic);
    while (turns != null && !turns.isEmpty() && turns.getFirst().ready) {
      Turn next = turns.removeFirst();
      heldBytes -= next.retainer == null ? next.bytes : 0;
      memory.letGo(next.bytes);
      if (!next.forgotten) {
        deliver.accept(next);
      }
    }
    if (turns != null && turns.isEmpty()) {
      byTopic.remove(topic);
    }
  }
}
