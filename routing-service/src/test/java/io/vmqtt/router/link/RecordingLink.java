package io.vmqtt.router.link;

import io.vmqtt.cluster.link.Link;
import io.vmqtt.cluster.link.Peer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A link that keeps what is sent over it.
 *
 * @param <F> frames
 */
final class RecordingLink<F> implements Link<F> {
  final List<F> sent = new ArrayList<>();

  /** How many frames left together, each time. */
  final List<Integer> writes = new ArrayList<>();

  boolean congested;
  boolean live = true;
  @Nullable String closed;
  private final Peer peer;

  RecordingLink(String nodeId, long process) {
    this.peer = new Peer(nodeId, process, "test");
  }

  /** What was sent since the last call. */
  List<F> take() {
    List<F> taken = List.copyOf(sent);
    sent.clear();
    return taken;
  }

  @Override
  public Peer peer() {
    return peer;
  }

  @Override
  public boolean offer(F frame, int bytes) {
    return offerAll(List.of(frame), bytes);
  }

  @Override
  public boolean offerAll(List<F> frames, int bytes) {
    sendAll(frames, bytes);
    return true;
  }

  @Override
  public void send(F frame, int bytes) {
    sendAll(List.of(frame), bytes);
  }

  @Override
  public void sendAll(List<F> frames, int bytes) {
    sent.addAll(frames);
    writes.add(frames.size());
  }

  @Override
  public boolean congested() {
    return congested;
  }

  @Override
  public boolean isLive() {
    return live;
  }

  @Override
  public boolean wasLeft() {
    return false;
  }

  @Override
  public void close(String reason) {
    closed = reason;
  }
}
