package io.vmqtt.clusterkit;

import io.vmqtt.cluster.link.Link;
import io.vmqtt.cluster.link.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A link that keeps what is sent over it. Confined to the thread of the test.
 *
 * @param <O> frames
 */
public final class RecordingLink<O> implements Link<O> {
  /** Frames, in their order. */
  public final List<O> sent = new ArrayList<>();

  /** How many frames left together, each time. */
  public final List<Integer> writes = new ArrayList<>();

  /** How large they were said to be, each time. */
  public final List<Integer> bytes = new ArrayList<>();

  /** With so many frames it is congested. */
  public int room = Integer.MAX_VALUE;

  public boolean live = true;

  /** Whether the other side has said that it left. */
  public boolean left;

  /** Why it was closed; null: it was not. */
  public @Nullable String closed;

  private final Peer peer;

  /** A link to a node. */
  public RecordingLink(String nodeId, long process) {
    this.peer = new Peer(nodeId, process, "test");
  }

  /** A link to a node, whichever process that is. */
  public RecordingLink(String nodeId) {
    this(nodeId, 1);
  }

  /** What was sent since the last call. */
  public List<O> take() {
    List<O> taken = List.copyOf(sent);
    sent.clear();
    return taken;
  }

  /** Of what was sent since the last call, frames of one kind. */
  public <T> List<T> take(Predicate<O> wanted, Function<O, T> content) {
    return take().stream().filter(wanted).map(content).toList();
  }

  @Override
  public Peer peer() {
    return peer;
  }

  @Override
  public boolean offer(O frame, int frameBytes) {
    send(frame, frameBytes);
    return true;
  }

  @Override
  public boolean offerAll(List<O> frames, int frameBytes) {
    sendAll(frames, frameBytes);
    return true;
  }

  @Override
  public void send(O frame, int frameBytes) {
    sendAll(List.of(frame), frameBytes);
  }

  @Override
  public void sendAll(List<O> frames, int frameBytes) {
    sent.addAll(frames);
    writes.add(frames.size());
    bytes.add(frameBytes);
  }

  @Override
  public boolean congested() {
    return sent.size() >= room;
  }

  @Override
  public boolean isLive() {
    return live;
  }

  @Override
  public boolean wasLeft() {
    return left;
  }

  @Override
  public void close(String reason) {
    closed = reason;
  }
}
