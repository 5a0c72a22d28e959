package io.vmqtt.gateway.link;

import io.vmqtt.cluster.link.Link;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One router as this gateway knows it. A new object for every link, so that nothing of an old one
 * is mistaken for the new.
 */
final class RouterLink {
  final String nodeId;
  final Link<GatewayFrame> link;
  private final LaneFrames[] frames;
  private volatile boolean ready;
  private volatile boolean up = true;
  private volatile int shardsOutOfReach;
  private volatile boolean passedOver;

  /** Frames that one lane has gathered for this router. Confined to the lane's thread. */
  static final class LaneFrames {
    private List<GatewayFrame> frames = new ArrayList<>();
    private int bytes;
  }

  RouterLink(Link<GatewayFrame> link, int lanes) {
    this.nodeId = link.peer().nodeId();
    this.link = link;
    this.frames = new LaneFrames[lanes];
    for (int i = 0; i < lanes; i++) {
      frames[i] = new LaneFrames();
    }
  }

  boolean isUsable() {
    return answers() && ready;
  }

  /** Whether what it was sent should be answered by it; if not, it is sent again to another one. */
  boolean answers() {
    return up && !passedOver;
  }

  void setState(boolean nowReady, int nowOutOfReach) {
    ready = nowReady;
    shardsOutOfReach = nowOutOfReach;
  }

  boolean isReady() {
    return ready;
  }

  /** How many shards it cannot reach. */
  int shardsOutOfReach() {
    return shardsOutOfReach;
  }

  /** Sets whether there are others that reach more shards. */
  void passOver(boolean nowPassedOver) {
    passedOver = nowPassedOver;
  }

  void down() {
    up = false;
  }

  /** Adds a frame of a lane; it leaves with {@link #flush}. */
  void add(int lane, GatewayFrame frame, int bytes) {
    LaneFrames gathered = frames[lane];
    gathered.frames.add(frame);
    gathered.bytes += bytes;
  }

  /** Sends what the lane has gathered. */
  void flush(int lane) {
    LaneFrames gathered = frames[lane];
    if (gathered.frames.isEmpty()) {
      return;
    }
    List<GatewayFrame> leaving = gathered.frames;
    int bytes = gathered.bytes;
    gathered.frames = new ArrayList<>();
    gathered.bytes = 0;
    link.sendAll(leaving, bytes);
  }

  static boolean serves(@Nullable RouterLink router) {
    return router != null && router.isUsable();
  }
}
