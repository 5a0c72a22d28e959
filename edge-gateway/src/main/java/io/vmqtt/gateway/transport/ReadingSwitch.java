package io.vmqtt.gateway.transport;

import io.netty.channel.Channel;

/** Reading from a client goes on while there is no reason to stop. Confined to the event loop. */
final class ReadingSwitch {
  /** The session's owner is being asked. */
  static final int ATTACHING = 1;

  /** The client of MQTT 3.1.1 has too many publishes unacknowledged. */
  static final int TOO_MANY_UNACKNOWLEDGED = 2;

  /** The way to the routers is full. */
  static final int CLUSTER_BUSY = 4;

  private final Channel channel;
  private int reasons;

  ReadingSwitch(Channel channel) {
    this.channel = channel;
  }

  void set(int reason, boolean stops) {
    reasons = stops ? reasons | reason : reasons & ~reason;
    boolean reads = reasons == 0;
    if (channel.config().isAutoRead() != reads) {
      channel.config().setAutoRead(reads);
    }
  }

  /**
   * Nothing that is read means anything any more: reading goes on whatever there was to stop it.
   */
  void drain() {
    set(reasons, false);
  }

  boolean isOn() {
    return reasons == 0;
  }

  boolean isStoppedFor(int reason) {
    return (reasons & reason) != 0;
  }
}
