package io.vmqtt.router.publish;

import java.util.function.LongPredicate;

/**
 * A publish of QoS 1 or 2 that waits for its destinations. Its source hears one answer, when the
 * last of them has it. Confined to the router's thread.
 */
public final class PendingPublish {
  private final PublishSource source;
  private final long sequence;
  private final boolean matched;
  private int waitingFor = 1;
  private int refusal;

  /**
   * Starts to wait; {@link #allSent} must follow.
   *
   * @param sequence the source's number of it
   * @param matched whether a subscription matched
   */
  public PendingPublish(PublishSource source, long sequence, boolean matched) {
    this.source = source;
    this.sequence = sequence;
    this.matched = matched;
  }

  /** Whether it is one of these, by the source's numbers. */
  @SuppressWarnings("ReferenceEquality") // a source is itself
  public boolean isOf(PublishSource who, LongPredicate sequences) {
    return source == who && sequences.test(sequence);
  }

  /** One more destination has been given it. */
  void sent() {
    waitingFor++;
  }

  /** Every destination has been given it. */
  public void allSent() {
    arrived();
  }

  /** One destination has it safe, or is gone together with its subscribers. */
  void arrived() {
    waitingFor--;
    if (waitingFor > 0) {
      return;
    }
    if (refusal == 0) {
      source.succeeded(sequence, matched);
    } else {
      source.refused(sequence, refusal);
    }
  }

  /** One destination did not take it. */
  public void refused(int reasonCode) {
    refusal = reasonCode;
  }
}
