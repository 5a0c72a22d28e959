package io.vmqtt.model;

/** When a new subscription is sent the retained messages. Source: MQTT 5.0, section 3.8.3.1. */
public enum RetainHandling {
  /** At every SUBSCRIBE [MQTT-3.3.1-9]; what MQTT 3.1.1 always does. */
  SEND(0),
  /** Only if the subscription did not exist before [MQTT-3.3.1-10]. */
  SEND_IF_NEW(1),
  /** Never [MQTT-3.3.1-11]. */
  DO_NOT_SEND(2);

  private final int value;

  RetainHandling(int value) {
    this.value = value;
  }

  /**
   * The choice of a two bit field.
   *
   * @throws IllegalArgumentException if the value is not 0, 1 or 2
   */
  public static RetainHandling of(int value) {
    return switch (value) {
      case 0 -> SEND;
      case 1 -> SEND_IF_NEW;
      case 2 -> DO_NOT_SEND;
      default ->
          throw new IllegalArgumentException("Retain Handling must be 0, 1 or 2 but is " + value);
    };
  }

  /** The number on the wire: 0, 1 or 2. */
  public int value() {
    return value;
  }
}
