package io.vmqtt.gateway.sessions;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The pages of retained messages that one lane has asked for: few at a time, so that their memory
 * is bounded, and in turns, so that no client keeps the others waiting. What waits is one entry for
 * each subscription that is being served. Confined to the lane's thread.
 */
final class RetainedReads {
  /** Each is a page, or one message that is larger. */
  static final int AT_ONCE = 8;

  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int underWay;

  /** Runs {@code read} when it is its turn; {@link #done} must follow. */
  void add(Runnable read) {
    waiting.addLast(read);
    begin();
  }

  /** One has its page. */
  void done() {
    underWay--;
    begin();
  }

  int waiting() {
    return waiting.size();
  }

  private void begin() {
    while (underWay < AT_ONCE && !waiting.isEmpty()) {
      underWay++;
      waiting.removeFirst().run();
    }
  }
}
