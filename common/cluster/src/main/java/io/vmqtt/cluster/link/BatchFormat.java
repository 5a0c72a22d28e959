package io.vmqtt.cluster.link;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the batches of one direction of a link look on the wire.
 *
 * @param <F> frame
 * @param <B> batch
 */
public interface BatchFormat<F, B> {

  /**
   * Makes a batch.
   *
   * @param hello in the first batch of a stream only
   * @param sequence number of the batch in its stream, or 0 if it carries no frames
   * @param acknowledged every batch of the other side up to this number has been processed
   * @param frames in order; the batch may keep the list
   */
  B batch(@Nullable Peer hello, long sequence, long acknowledged, List<F> frames);

  /** The other side's introduction, if the batch carries it. */
  @Nullable Peer hello(B batch);

  /** Number of the batch, or 0. */
  long sequence(B batch);

  /** The highest number of this side's batches that the other side has processed. */
  long acknowledged(B batch);

  /** The frames, in order. */
  List<F> frames(B batch);
}
