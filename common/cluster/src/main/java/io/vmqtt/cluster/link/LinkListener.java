package io.vmqtt.cluster.link;

import java.util.List;

/**
 * What the owner of a link is told. Calls come on threads of the transport, of the timer and of
 * whoever sends, so they must not block. {@link #up} comes first and {@link #receive} never
 * overlaps with itself; {@link #writable} and {@link #down} may come while a batch is being
 * received.
 *
 * @param <O> frames that go out
 * @param <I> frames that come in
 */
public interface LinkListener<O, I> {

  /** The other side has said who it is: frames may go out. */
  void up(Link<O> link);

  /**
   * A batch has come in.
   *
   * @param processed to be run once, from any thread, when the frames have been taken care of;
   *     until then they count against the window of the sender, which is what holds it back
   */
  void receive(Link<O> link, List<I> frames, Runnable processed);

  /** The link was {@linkplain Link#congested congested} and no longer is. */
  default void writable(Link<O> link) {}

  /**
   * The stream is gone, with whatever was unsent. Called only after {@link #up}. Acknowledged
   * frames were processed; of the others nobody knows.
   */
  void down(Link<O> link);
}
