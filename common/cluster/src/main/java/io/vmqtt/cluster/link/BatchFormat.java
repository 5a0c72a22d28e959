package io.vmqtt.cluster.link;

import java.util.List;

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
   * @param frames in order; the batch may keep the list
   */
  B batch(Envelope envelope, List<F> frames);

  /** What is around the frames. */
  Envelope envelope(B batch);

  /** The frames, in order. */
  List<F> frames(B batch);
}
