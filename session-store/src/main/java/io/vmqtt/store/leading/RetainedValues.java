package io.vmqtt.store.leading;

import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.store.v1.Following;
import io.vmqtt.proto.store.v1.Settled;
import io.vmqtt.proto.store.v1.Unsettled;
import io.vmqtt.store.retained.RetainedPage;
import io.vmqtt.store.session.Command;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.ShardState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * What a shard's leader tells newcomers of retained messages. A value is readable once every one of
 * its subscribers has it, so that a newcomer who has read it hears of nothing older. Used on the
 * shard's thread.
 */
public final class RetainedValues {
  private final long leadership;
  private final Routers routers;
  private final RetainedReads reads;
  private final StoreClock clock;
  private final long waitsUntilMillis;
  private final UnsettledValues unsettled = new UnsettledValues();
  private final Deque<Pending.Read> waiting = new ArrayDeque<>();

  /**
   * @param leadership its number
   */
  RetainedValues(long leadership, Routers routers, RetainedReads reads, StoreClock clock) {
    this.leadership = leadership;
    this.routers = routers;
    this.reads = reads;
    this.clock = clock;
    this.waitsUntilMillis = clock.uptimeMillis() + UnsettledValues.PATIENCE_MILLIS;
  }

  /** What an earlier leader has committed. */
  public void begin(KeptLately kept, ShardState state) {
    kept.tell(unsettled, state);
  }

  /**
   * A value is in the table; tells its router.
   *
   * @param again it has been there before
   */
  void committed(RouterPort port, long sequence, Command.Publish publish, boolean again) {
    if (again && unsettled.wasSettled(publish.retainingKey())) {
      port.settled(sequence);
      return;
    }
    port.committed(sequence);
    unsettled.add(
        port.process(),
        sequence,
        publish.publication().topic(),
        publish.retainingKey(),
        clock.uptimeMillis());
  }

  /** A router has heard of this leadership, and says what an earlier one has committed. */
  public void following(RouterPort port, Following following) {
    for (Unsettled value : following.getUnsettledList()) {
      unsettled.add(
          port.process(), value.getSequence(), value.getTopic(), null, clock.uptimeMillis());
    }
    readOn();
  }

  /** Values have reached all of their subscribers. */
  public void settled(RouterPort port, Settled settled) {
    for (long sequence : settled.getSequencesList()) {
      unsettled.settled(port.process(), sequence);
    }
  }

  /** Answers a read, which sees whatever is committed by now. */
  public void read(Pending.Read read) {
    waiting.addLast(read);
    readOn();
  }

  /** Time goes by. */
  void tick() {
    unsettled.tick(clock.uptimeMillis());
    readOn();
  }

  private void readOn() {
    if (!waiting.isEmpty() && knowsWhatIsUnderWay()) {
      for (Pending.Read next = waiting.pollFirst(); next != null; next = waiting.pollFirst()) {
        Pending.Read read = next;
        reads.read(read.port(), read.request(), clock.wallMillis(), page -> reply(read, page));
      }
    }
  }

  private void reply(Pending.Read read, RetainedPage page) {
    ShardRequest request = read.request();
    Set<String> topics = new HashSet<>();
    for (Publication message : page.messages()) {
      topics.add(message.topic());
    }
    unsettled.whenSettled(topics, () -> RetainedReads.reply(read.port(), request, page));
  }

  /**
   * Routers that have not spoken yet may have values under way that an earlier leader committed.
   */
  private boolean knowsWhatIsUnderWay() {
    return clock.uptimeMillis() >= waitsUntilMillis
        || (!routers.hasLeases()
            && routers.ports().stream().allMatch(port -> port.isFollowing(leadership)));
  }
}
