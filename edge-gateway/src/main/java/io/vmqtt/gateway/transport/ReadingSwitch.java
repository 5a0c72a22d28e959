package io.vmqtt.gateway.transport;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;

/** Reading from a client goes on while there is no reason to stop. Confined to the event loop. */
final class ReadingSwitch {
  /** The connection would have to keep what is read, or owes the client too many answers. */
  static final int NOT_NOW = 1;

  /** The way to the routers is full. */
  static final int CLUSTER_BUSY = 2;

  private final Channel channel;
  private final Runnable whenOn;

  /** Further channels of the same client. */
  private final List<Channel> others = new ArrayList<>(0);

  private int reasons;

  /** Runs {@code whenOn} when reading goes on. */
  ReadingSwitch(Channel channel, Runnable whenOn) {
    this.channel = channel;
    this.whenOn = whenOn;
  }

  void set(int reason, boolean stops) {
    reasons = stops ? reasons | reason : reasons & ~reason;
    boolean reads = reasons == 0;
    if (channel.config().isAutoRead() != reads) {
      channel.config().setAutoRead(reads);
      // What is read of one may stop the others.
      List.copyOf(others).forEach(other -> other.config().setAutoRead(reasons == 0));
      if (reads) {
        whenOn.run();
      }
    }
  }

  /** The client has one more channel, which is read from when the first one is. */
  void join(Channel other) {
    others.add(other);
    other.config().setAutoRead(reasons == 0);
  }

  /** That one is no more. */
  void leave(Channel other) {
    others.remove(other);
  }

  /**
   * Nothing that is read means anything any more: reading goes on whatever there was to stop it.
   */
  void drain() {
    set(reasons, false);
  }

  /**
   * The client has gone: what it had sent before counts. What the first channel has last may be its
   * end, so the others are first.
   */
  void readRest() {
    List.copyOf(others).forEach(other -> other.config().setAutoRead(true));
    channel.config().setAutoRead(true);
  }

  boolean isOn() {
    return reasons == 0;
  }

  boolean isStoppedFor(int reason) {
    return (reasons & reason) != 0;
  }
}
