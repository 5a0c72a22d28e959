package io.vmqtt.store.leading;

import io.vmqtt.cluster.link.Link;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A link that keeps what is sent.
 *
 * @param left whether the other side has left
 * @param room with so many frames it is congested
 */
record RecordingLink(
    Peer peer, List<StoreToRouterFrame> sent, AtomicBoolean left, AtomicInteger room)
    implements Link<StoreToRouterFrame> {

  /** A link to a router of that name. */
  static RecordingLink to(String nodeId) {
    return new RecordingLink(
        new Peer(nodeId, 1, "1"),
        new ArrayList<>(),
        new AtomicBoolean(),
        new AtomicInteger(Integer.MAX_VALUE));
  }

  @Override
  public boolean offer(StoreToRouterFrame frame, int bytes) {
    return sent.add(frame);
  }

  @Override
  public boolean offerAll(List<StoreToRouterFrame> frames, int bytes) {
    return sent.addAll(frames);
  }

  @Override
  public void send(StoreToRouterFrame frame, int bytes) {
    sent.add(frame);
  }

  @Override
  public void sendAll(List<StoreToRouterFrame> frames, int bytes) {
    sent.addAll(frames);
  }

  @Override
  public boolean congested() {
    return sent.size() >= room.get();
  }

  @Override
  public boolean isLive() {
    return true;
  }

  @Override
  public boolean wasLeft() {
    return left.get();
  }

  @Override
  public void close(String reason) {}
}
