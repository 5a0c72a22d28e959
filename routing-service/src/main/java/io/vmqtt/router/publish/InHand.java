package io.vmqtt.router.publish;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a destination got for members of share groups and they have not acknowledged, as far as it
 * says so: others are to have it if the destination is killed. At most {@value #MAX_BYTES} bytes,
 * then the oldest is forgotten. Confined to the router's thread.
 *
 * @param <F> frame as sent
 */
public final class InHand<F> {
  static final int MAX_BYTES = 4 << 20;

  private final Map<Long, Entry<F>> entries = new LinkedHashMap<>();
  private int bytes;

  private record Entry<F>(F frame, int bytes) {}

  /** A frame was sent under that sequence; returns how many had to be forgotten for it. */
  public int add(long sequence, F frame, int frameBytes) {
    entries.put(sequence, new Entry<>(frame, frameBytes));
    bytes += frameBytes;
    Iterator<Entry<F>> oldest = entries.values().iterator();
    int forgotten = 0;
    while (bytes > MAX_BYTES) {
      bytes -= oldest.next().bytes;
      oldest.remove();
      forgotten++;
    }
    return forgotten;
  }

  /** Nobody else is to have it any more. */
  public void remove(long sequence) {
    Entry<F> entry = entries.remove(sequence);
    bytes -= entry == null ? 0 : entry.bytes;
  }

  /** Its link broke: what it said meanwhile may be lost, and it lives to hand on what it has. */
  public void clear() {
    entries.clear();
    bytes = 0;
  }

  /** All frames, in order. */
  public List<F> frames() {
    List<F> frames = new ArrayList<>(entries.size());
    entries.values().forEach(entry -> frames.add(entry.frame));
    return frames;
  }
}
