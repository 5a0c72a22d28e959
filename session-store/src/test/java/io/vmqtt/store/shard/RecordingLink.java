package io.vmqtt.store.shard;

import io.vmqtt.cluster.link.Link;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A link that keeps what is sent.
 *
 * @param left whether the other side has left
 */
record RecordingLink(Peer peer, List<StoreToRouterFrame> sent, AtomicBoolean left)
    implements Link<StoreToRouterFrame> {

  /** A link to a router of that name. */
  static RecordingLink to(String nodeId) {
    return new RecordingLink(new Peer(nodeId, 1, "1"), new ArrayList<>(), new AtomicBoolean());
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
    return false;
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
