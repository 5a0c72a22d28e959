package io.vmqtt.model;

/** Quality of service: how often a message is delivered. Source: MQTT 5.0, section 4.3. */
public enum Qos {
  /** QoS 0: the message arrives once or not at all. */
  AT_MOST_ONCE(0),
  /** QoS 1: the message arrives once or more often. */
  AT_LEAST_ONCE(1),
  /** QoS 2: the message arrives exactly once. */
  EXACTLY_ONCE(2);

  private final int value;

  Qos(int value) {
    this.value = value;
  }

  /**
   * The quality of service of a two bit field.
   *
   * @throws IllegalArgumentException if the value is not 0, 1 or 2 [MQTT-3.3.1-4]
   */
  public static Qos of(int value) {
    return switch (value) {
      case 0 -> AT_MOST_ONCE;
      case 1 -> AT_LEAST_ONCE;
      case 2 -> EXACTLY_ONCE;
      default -> throw new IllegalArgumentException("QoS must be 0, 1 or 2 but is " + value);
    };
  }

  /** The number on the wire: 0, 1 or 2. */
  public int value() {
    return value;
  }

  /** The lower of the two, as a delivery takes it from publish and subscription [MQTT-3.8.4-8]. */
  public Qos min(Qos other) {
    return compareTo(other) <= 0 ? this : other;
  }

  /** The higher of the two, as overlapping subscriptions take it [MQTT-3.3.4-2]. */
  public Qos max(Qos other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
