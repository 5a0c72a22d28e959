package io.vmqtt.router.publish;

import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A publish that waits for its destinations. Its source hears one answer, when the last of them has
 * it. Confined to the router's thread.
 */
public final class PendingPublish implements Awaited {
  private final PublishSource source;
  private final long sequence;
  private final boolean matched;
  private final MemoryForPublishes memory;
  private final int bytes;
  private final @Nullable Runnable whenOver;
  private int waitingFor = 1;
  private boolean forgotten;
  private int refusal;

  /**
   * Starts to wait; {@link #allSent} must follow.
   *
   * @param sequence the source's number of it; 0: it wants no answer
   * @param matched whether a subscription matched
   * @param memory where its bytes count until the last destination has it
   * @param whenOver runs when every destination has it, or nobody wants to know any more
   */
  public PendingPublish(
      PublishSource source,
      long sequence,
      boolean matched,
      MemoryForPublishes memory,
      int bytes,
      @Nullable Runnable whenOver) {
    this.source = source;
    this.sequence = sequence;
    this.matched = matched;
    this.memory = memory;
    this.bytes = bytes;
    this.whenOver = whenOver;
    memory.keep(bytes);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a source is itself
  public boolean isOf(PublishSource who, LongPredicate sequences) {
    return source == who && sequences.test(sequence);
  }

  @Override
  public void sent() {
    waitingFor++;
  }

  /** Every destination has been given it. */
  public void allSent() {
    arrived();
  }

  @Override
  public void arrived() {
    waitingFor--;
    if (waitingFor > 0) {
      return;
    }
    memory.letGo(bytes);
    if (!forgotten) {
      if (sequence != 0) {
        answer();
      }
      end();
    }
  }

  private void answer() {
    if (refusal == 0) {
      source.succeeded(sequence, matched);
    } else {
      source.refused(sequence, refusal);
    }
  }

  @Override
  public void refused(int reasonCode) {
    refusal = reasonCode;
  }

  @Override
  public void settledBefore() {
    // only what is to be retained can be
  }

  @Override
  public void forgotten() {
    if (!forgotten) {
      forgotten = true;
      end();
    }
    arrived();
  }

  private void end() {
    if (whenOver != null) {
      whenOver.run();
    }
  }
}
