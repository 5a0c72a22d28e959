package io.vmqtt.model;

import java.util.ArrayList;
import java.util.List;

/**
 * How one receiver is to see a message.
 *
 * @param qos quality of service of the delivery
 * @param retain RETAIN flag to show
 * @param identifiers subscription identifiers to show
 */
public record Delivery(Qos qos, boolean retain, List<Integer> identifiers) {
  private static final List<Delivery> WITHOUT_RETAIN = everyQos(false, List.of());
  private static final List<Delivery> WITH_RETAIN = everyQos(true, List.of());

  public Delivery {
    identifiers = List.copyOf(identifiers);
  }

  private static List<Delivery> everyQos(boolean retain, List<Integer> identifiers) {
    return List.of(
        new Delivery(Qos.AT_MOST_ONCE, retain, identifiers),
        new Delivery(Qos.AT_LEAST_ONCE, retain, identifiers),
        new Delivery(Qos.EXACTLY_ONCE, retain, identifiers));
  }

  /** The deliveries that differ in QoS alone, by its value: made once, for many messages. */
  public static List<Delivery> byQos(boolean retain, List<Integer> identifiers) {
    return identifiers.isEmpty()
        ? (retain ? WITH_RETAIN : WITHOUT_RETAIN)
        : everyQos(retain, identifiers);
  }

  /** A delivery; allocates nothing where there is no identifier to show. */
  public static Delivery of(Qos qos, boolean retain, List<Integer> identifiers) {
    return identifiers.isEmpty() ? of(qos, retain) : new Delivery(qos, retain, identifiers);
  }

  /** A delivery that shows no identifier; allocates nothing. */
  public static Delivery of(Qos qos, boolean retain) {
    return (retain ? WITH_RETAIN : WITHOUT_RETAIN).get(qos.value());
  }

  /**
   * One delivery for overlapping subscriptions: highest QoS, all identifiers [MQTT-3.3.4-2, -3].
   */
  public Delivery merge(Delivery other) {
    return of(qos.max(other.qos), retain || other.retain, plus(other.identifiers));
  }

  private List<Integer> plus(List<Integer> others) {
    if (identifiers.isEmpty() || others.isEmpty()) {
      return identifiers.isEmpty() ? others : identifiers;
    }
    List<Integer> all = new ArrayList<>(identifiers.size() + others.size());
    all.addAll(identifiers);
    all.addAll(others);
    return all;
  }
}
