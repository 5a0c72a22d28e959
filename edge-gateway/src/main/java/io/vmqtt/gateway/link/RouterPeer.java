package io.vmqtt.gateway.link;

import io.vmqtt.cluster.link.GatheredFrames;
import io.vmqtt.cluster.link.Link;
import io.vmqtt.cluster.wire.FrameSize;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.HandsEmpty;
import io.vmqtt.proto.routing.v1.Moved;
import java.util.ArrayList;
import java.util.List;

/**
 * One router as this gateway knows it. A new object for every link, so that nothing of an old one
 * is mistaken for the new.
 */
final class RouterPeer {
  private static final int LASTING_LOOKS = 4;

  private static final int FLUSH_BYTES = 128 << 10;

  /** With so many it is worth a batch that members of share groups are done with messages. */
  private static final int MUCH_DONE = 256;

  final String nodeId;
  final Link<GatewayFrame> link;
  private final List<GatheredFrames<GatewayFrame>> byLane = new ArrayList<>();
  private final List<HandsEmpty.Builder> doneByLane = new ArrayList<>();
  private volatile boolean ready;
  private volatile boolean up = true;
  private volatile int shardsOutOfReach;

  // Guarded by the gateway's lock.
  private boolean passedOver;
  private int looks;

  RouterPeer(Link<GatewayFrame> link, int lanes) {
    this.nodeId = link.peer().nodeId();
    this.link = link;
    for (int i = 0; i < lanes; i++) {
      byLane.add(new GatheredFrames<>(FLUSH_BYTES));
      doneByLane.add(HandsEmpty.newBuilder());
    }
  }

  boolean isUsable() {
    return up && ready;
  }

  void setState(boolean nowReady, int nowOutOfReach) {
    ready = nowReady;
    shardsOutOfReach = nowOutOfReach;
  }

  /** How many shards it cannot reach. */
  int shardsOutOfReach() {
    return shardsOutOfReach;
  }

  /**
   * Compares it with the best router there is; to be called at equal intervals. A difference
   * counts, and is over, only when it lasts: routers do not notice the same thing at the same time.
   *
   * @param fewest how many shards the best one cannot reach
   * @return whether {@link #isPassedOver} has changed
   */
  boolean compare(int fewest) {
    boolean worse = shardsOutOfReach > fewest;
    looks = worse == passedOver ? 0 : looks + 1;
    if (looks < LASTING_LOOKS) {
      return false;
    }
    looks = 0;
    passedOver = worse;
    return true;
  }

  /** Whether there are others that reach more shards. */
  boolean isPassedOver() {
    return passedOver;
  }

  void down() {
    up = false;
  }

  /** Adds a frame of a lane; it leaves with {@link #flush} at the latest. */
  void add(int lane, GatewayFrame frame, int bytes) {
    byLane.get(lane).add(frame, bytes, link);
  }

  /** Tells it what it need not bring home any more. */
  void add(int lane, Moved.Builder moved) {
    int count = moved.getRequestsCount() + moved.getPublishesCount();
    add(
        lane,
        GatewayFrame.newBuilder().setMoved(moved).build(),
        FrameSize.SMALL_BYTES + Long.BYTES * count);
  }

  /**
   * Members of share groups are done with a message. That can wait: it goes along with other
   * frames, when it is much, or with the next {@link #look}.
   */
  void done(int lane, long sequence) {
    doneByLane.get(lane).addSequences(sequence);
  }

  /** To be called now and then: what has waited leaves. */
  void look(int lane) {
    tellDone(lane);
    byLane.get(lane).sendTo(link);
  }

  private void tellDone(int lane) {
    HandsEmpty.Builder done = doneByLane.get(lane);
    if (done.getSequencesCount() > 0) {
      add(
          lane,
          GatewayFrame.newBuilder().setHandsEmpty(done.build()).build(),
          FrameSize.SMALL_BYTES + Long.BYTES * done.getSequencesCount());
      done.clear();
    }
  }

  /** Sends what the lane has gathered. */
  void flush(int lane) {
    if (!byLane.get(lane).isEmpty() || doneByLane.get(lane).getSequencesCount() >= MUCH_DONE) {
      tellDone(lane);
    }
    byLane.get(lane).sendTo(link);
  }
}
