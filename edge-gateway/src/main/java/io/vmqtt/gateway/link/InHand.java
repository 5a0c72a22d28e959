package io.vmqtt.gateway.link;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A message of a router for members of share groups here, until each has acknowledged it or has
 * left it to somebody else. The router would hand it on if this gateway were killed before.
 */
final class InHand {
  private final RouterPeer router;
  private final long sequence;
  private final AtomicInteger members;

  /**
   * @param sequence the router's number of the message
   * @param members how many groups it is for
   */
  InHand(RouterPeer router, long sequence, int members) {
    this.router = router;
    this.sequence = sequence;
    this.members = new AtomicInteger(members);
  }

  /** One of the members is done with it; on the thread of a lane. */
  void done(int lane) {
    if (members.decrementAndGet() == 0) {
      router.done(lane, sequence);
    }
  }
}
