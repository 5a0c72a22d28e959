package io.vmqtt.cluster.link;

import java.util.ArrayList;
import java.util.List;

/**
 * What one turn of a thread has for a link: it leaves together at the end of the turn, or before
 * that where it is much, since batches are not to be any larger. Confined to that thread.
 *
 * @param <O> frames
 */
public final class GatheredFrames<O> {
  private final int mostBytes;
  private List<O> frames = new ArrayList<>();
  private int bytes;

  /**
   * @param mostBytes so much leaves at once
   */
  public GatheredFrames(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  public boolean isEmpty() {
    return frames.isEmpty();
  }

  /** Adds a frame that is to leave over {@code link}, about so large on the wire. */
  public void add(O frame, int frameBytes, Link<O> link) {
    frames.add(frame);
    bytes += frameBytes;
    if (bytes >= mostBytes) {
      sendTo(link);
    }
  }

  /** Sends what there is. What the link's owner adds meanwhile is not part of it. */
  public void sendTo(Link<O> link) {
    if (frames.isEmpty()) {
      return;
    }
    List<O> leaving = frames;
    int leavingBytes = bytes;
    clear();
    link.sendAll(leaving, leavingBytes);
  }

  /** Forgets what there is. */
  public void clear() {
    frames = new ArrayList<>();
    bytes = 0;
  }
}
