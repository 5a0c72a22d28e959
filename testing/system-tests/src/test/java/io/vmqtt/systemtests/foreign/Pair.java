package io.vmqtt.systemtests.foreign;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A publisher and a subscriber of QoS 2 on one topic, both with a session that outlives their
 * connections, both of one kind of client, which connect again and again by themselves.
 */
interface Pair extends AutoCloseable {
  /** How far a publisher may be ahead of its subscriber. */
  int WINDOW = 200;

  /** What kind of client, as test output names it. */
  String kind();

  /** The publisher's client id. */
  String publisher();

  /** The subscriber's client id. */
  String subscriber();

  /** Lets the publisher publish; to be called when the subscriber has its SUBACK. */
  void begin();

  /** What the subscriber's application got, in order. */
  List<String> handedOver();

  /** Lets the publisher send nothing new; what it has begun goes on. */
  void stopPublishing();

  /**
   * Holds a publisher back that is too far ahead: so it sends in bursts, at a rate that leaves a
   * machine time for other things.
   *
   * @param sent how many it has sent
   */
  default void keepPace(long sent, BooleanSupplier stopped) {
    if (sent % (WINDOW / 2) == 0) {
      await()
          .forever()
          .pollInterval(Duration.ofMillis(200))
          .until(() -> stopped.getAsBoolean() || handedOver().size() >= sent - WINDOW);
    }
  }

  @Override
  void close();
}
