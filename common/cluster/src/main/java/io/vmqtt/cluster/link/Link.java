package io.vmqtt.cluster.link;

import java.util.List;

/**
 * The sending end of one stream between two processes. A new object for every stream: after {@link
 * LinkListener#down} it takes nothing more. Safe for use by any thread; never blocks.
 *
 * @param <O> frames that go out
 */
public interface Link<O> {

  /** Who is at the other end. */
  Peer peer();

  /**
   * Sends a frame that may be shed.
   *
   * @param bytes about the size of the frame on the wire
   * @return false if the link is down or holds as much unsent as it may; the frame is not taken
   *     then
   */
  boolean offer(O frame, int bytes);

  /** As {@link #offer}, for several frames at once: all or none. */
  boolean offerAll(List<O> frames, int bytes);

  /**
   * Sends a frame that the other side must get. If the link holds as much unsent as it may, the
   * link is closed, and both sides bring each other up to date on the next one; a link that is down
   * ignores the frame for the same reason.
   */
  void send(O frame, int bytes);

  /** As {@link #send}, for several frames at once. */
  void sendAll(List<O> frames, int bytes);

  /** True while so much is unsent that whoever can should hold back. */
  boolean congested();

  /**
   * Whether the other side has heard this one within the silence limit, as far as is known here: if
   * it has given this one up meanwhile, then no longer ago than that. It may be so no more before
   * {@link LinkListener#down} is called.
   */
  boolean isLive();

  /** Whether the other side has said that it left. */
  boolean wasLeft();

  /** Ends the stream; {@link LinkListener#down} follows. */
  void close(String reason);
}
