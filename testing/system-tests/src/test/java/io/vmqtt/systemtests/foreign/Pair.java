package io.vmqtt.systemtests.foreign;

import static org.awaitility.Awaitility.await;

import io.vmqtt.systemtests.Names;
import java.time.Duration;
import java.util.List;

/**
 * A publisher and a subscriber of QoS 2 on one topic, which is named like the subscriber: both with
 * a session that outlives their connections, both of one kind of client, which connect again and
 * again by themselves.
 */
abstract sealed class Pair implements AutoCloseable permits LibraryPair, ProgramPair {
  /** How far a publisher may be ahead of its subscriber. */
  static final int WINDOW = 200;

  private final String kind;
  private final String publisher;
  private final String subscriber;
  private volatile boolean stopped;

  Pair(String kind) {
    this.kind = kind;
    this.publisher = Names.client(kind + "-publisher");
    this.subscriber = Names.client(kind + "-subscriber");
  }

  /** What kind of client, as test output names it. */
  final String kind() {
    return kind;
  }

  /** The publisher's client id. */
  final String publisher() {
    return publisher;
  }

  /** The subscriber's client id. */
  final String subscriber() {
    return subscriber;
  }

  /** Lets the publisher publish; to be called when the subscriber has its SUBACK. */
  final void begin() {
    Thread.ofVirtual().name(kind + "-publish").start(this::publish);
  }

  /** Publishes at {@link #keepPace the pace} until it {@link #isStopped}. */
  abstract void publish();

  /** What the subscriber's application got, in order. */
  abstract List<String> handedOver();

  /** Lets the publisher send nothing new; what it has begun goes on. */
  final void stopPublishing() {
    stopped = true;
  }

  final boolean isStopped() {
    return stopped;
  }

  /**
   * Holds a publisher back that is too far ahead: so it sends in bursts, at a rate that leaves a
   * machine time for other things.
   *
   * @param sent how many it has sent
   */
  final void keepPace(long sent) {
    if (sent % (WINDOW / 2) == 0) {
      await()
          .forever()
          .pollInterval(Duration.ofMillis(200))
          .until(() -> stopped || handedOver().size() >= sent - WINDOW);
    }
  }

  @Override
  public void close() {
    stopPublishing();
  }
}
