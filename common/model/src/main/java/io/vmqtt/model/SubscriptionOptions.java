package io.vmqtt.model;

/**
 * How a client wants the messages of a subscription. Source: MQTT 5.0, section 3.8.3.1.
 *
 * @param maximumQos the highest quality of service of its deliveries
 * @param noLocal the client's own messages are not sent back to it [MQTT-3.8.3-3]; the packet
 *     reader refuses it on a shared subscription [MQTT-3.8.3-4]
 * @param retainAsPublished deliveries keep the RETAIN flag of the publish [MQTT-3.3.1-13]
 * @param retainHandling when retained messages are sent
 */
public record SubscriptionOptions(
    Qos maximumQos, boolean noLocal, boolean retainAsPublished, RetainHandling retainHandling) {

  /** What an MQTT 3.1.1 subscription with the given quality of service means. */
  public static SubscriptionOptions of(Qos maximumQos) {
    return new SubscriptionOptions(maximumQos, false, false, RetainHandling.SEND);
  }
}
