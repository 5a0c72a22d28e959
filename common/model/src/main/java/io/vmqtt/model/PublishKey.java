package io.vmqtt.model;

/**
 * Idempotency key: names one publish, or another request, across retries, so that whoever gets it
 * more than once takes it once.
 *
 * @param producer who numbers
 * @param sequence its number
 * @param lowWater nothing below it will be sent again
 * @param epoch fences: numbers begin anew with each, and what is of an earlier one is refused
 */
public record PublishKey(long producer, long sequence, long lowWater, long epoch) {
  private static final long RETAINING = 0x9E37_79B9_7F4A_7C15L;

  /** A key of a producer that has one epoch. */
  public PublishKey(long producer, long sequence, long lowWater) {
    this(producer, sequence, lowWater, 0);
  }

  /**
   * The same, for what is done beside the delivery of the publish: a shard may be sent both, and
   * either may come again.
   */
  public PublishKey ofRetaining() {
    return new PublishKey(producer ^ RETAINING, sequence, lowWater, epoch);
  }
}
