package io.vmqtt.model;

import java.util.List;

/**
 * How one receiver is to see a message.
 *
 * @param qos quality of service of the delivery
 * @param retain RETAIN flag to show
 * @param identifiers subscription identifiers to show
 */
public record Delivery(Qos qos, boolean retain, List<Integer> identifiers) {
  private static final List<Delivery> WITHOUT_RETAIN = plain(false);
  private static final List<Delivery> WITH_RETAIN = plain(true);

  public Delivery {
    identifiers = List.copyOf(identifiers);
  }

  private static List<Delivery> plain(boolean retain) {
    return List.of(
        new Delivery(Qos.AT_MOST_ONCE, retain, List.of()),
        new Delivery(Qos.AT_LEAST_ONCE, retain, List.of()),
        new Delivery(Qos.EXACTLY_ONCE, retain, List.of()));
  }

  /** A delivery; allocates nothing where there is no identifier to show. */
  public static Delivery of(Qos qos, boolean retain, List<Integer> identifiers) {
    return identifiers.isEmpty()
        ? (retain ? WITH_RETAIN : WITHOUT_RETAIN).get(qos.value())
        : new Delivery(qos, retain, identifiers);
  }

  /** A delivery that shows no identifier. */
  public static Delivery of(Qos qos, boolean retain) {
    return of(qos, retain, List.of());
  }
}
