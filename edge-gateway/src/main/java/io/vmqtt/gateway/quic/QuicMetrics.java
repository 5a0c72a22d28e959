package io.vmqtt.gateway.quic;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What one listener of QUIC counts beside what all listeners do. By any thread. */
final class QuicMetrics {
  private static final String TAG = "listener";

  private final Counter asked;
  private final Counter moved;
  private final Counter streams;
  private final Counter small;
  private final Counter busy;
  private final Counter forged;
  private final Counter unproven;

  /** Registers the meters. */
  QuicMetrics(MeterRegistry registry, String listener) {
    asked =
        Counter.builder("vmqtt.gateway.quic.addresses.asked")
            .description("first packets of QUIC answered with a token, to be brought back")
            .tag(TAG, listener)
            .register(registry);
    moved =
        Counter.builder("vmqtt.gateway.quic.connections.moved")
            .description("times that a connection of QUIC went on from another address")
            .tag(TAG, listener)
            .register(registry);
    streams =
        Counter.builder("vmqtt.gateway.quic.streams")
            .description("streams that clients of QUIC have opened beside their first")
            .tag(TAG, listener)
            .register(registry);
    small = dropped(registry, listener, "small");
    busy = dropped(registry, listener, "busy");
    forged = dropped(registry, listener, "forged");
    unproven = dropped(registry, listener, "unproven");
  }

  private static Counter dropped(MeterRegistry registry, String listener, String reason) {
    return Counter.builder("vmqtt.gateway.quic.datagrams.dropped")
        .description(
            "datagrams thrown away: too small for a first packet, too many at once, of no"
                + " connection, or on the way to who has not shown that he is there")
        .tag(TAG, listener)
        .tag("reason", reason)
        .register(registry);
  }

  /** An address was asked to prove itself. */
  void asked() {
    asked.increment();
  }

  /** A connection goes on from another address. */
  void moved() {
    moved.increment();
  }

  /** A client has opened a stream beside its first. */
  void opened() {
    streams.increment();
  }

  /** A first packet was smaller than what it may be. */
  void droppedSmall() {
    small.increment();
  }

  /** An event loop had too many datagrams of others to look at, or a socket too many answers. */
  void droppedBusy() {
    busy.increment();
  }

  /** A packet for another socket had an identifier that nobody has given. */
  void droppedForged() {
    forged.increment();
  }

  /** Too much would have gone where nobody has shown that he is there. */
  void droppedUnproven() {
    unproven.increment();
  }
}
