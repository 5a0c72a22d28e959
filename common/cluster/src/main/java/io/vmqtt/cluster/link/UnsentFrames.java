package io.vmqtt.cluster.link;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames that wait to be sent, already cut into batches. Guarded by the lock of its stream.
 *
 * @param <O> frames
 */
final class UnsentFrames<O> {

  /** What will leave together. */
  static final class Segment<O> {
    final List<O> frames = new ArrayList<>();
    long bytes;
  }

  private final ArrayDeque<Segment<O>> segments = new ArrayDeque<>();
  private final int maxBatchBytes;
  private final int maxBatchFrames;
  private long bytes;

  UnsentFrames(int maxBatchBytes, int maxBatchFrames) {
    this.maxBatchBytes = maxBatchBytes;
    this.maxBatchFrames = maxBatchFrames;
  }

  void add(List<O> frames, int frameBytes) {
    Segment<O> last = segments.peekLast();
    if (last == null || isFull(last) || last.bytes + frameBytes > maxBatchBytes) {
      last = new Segment<>();
      segments.addLast(last);
    }
    last.frames.addAll(frames);
    last.bytes += frameBytes;
    bytes += frameBytes;
  }

  /** The oldest frames, or nothing. */
  @Nullable Segment<O> poll() {
    Segment<O> first = segments.pollFirst();
    if (first != null) {
      bytes -= first.bytes;
    }
    return first;
  }

  boolean isEmpty() {
    return segments.isEmpty();
  }

  boolean hasFullBatch() {
    Segment<O> first = segments.peekFirst();
    return first != null && (segments.size() > 1 || isFull(first));
  }

  long bytes() {
    return bytes;
  }

  private boolean isFull(Segment<O> segment) {
    return segment.bytes >= maxBatchBytes || segment.frames.size() >= maxBatchFrames;
  }
}
