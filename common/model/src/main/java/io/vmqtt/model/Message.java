package io.vmqtt.model;

import java.nio.ByteBuffer;

/**
 * An application message, as it travels from publisher to subscriber.
 *
 * @param topic a valid topic name
 * @param payload the remaining bytes are the payload; shared by all who hold the message. Neither
 *     bytes nor position are ever changed: readers use {@code duplicate()} or absolute gets
 * @param qos the quality of service of the publish, or what a delivery made of it
 * @param retain the RETAIN flag of the publish, or what a delivery made of it
 * @param properties what is carried unchanged
 * @param expiresAtMillis wall clock, milliseconds since the epoch; 0 = never
 * @param publisher {@link ClientId#hash64} of the client that published it, for No Local; 0 =
 *     unknown
 * @param policy what it needs of the cluster
 */
public record Message(
    String topic,
    ByteBuffer payload,
    Qos qos,
    boolean retain,
    MessageProperties properties,
    long expiresAtMillis,
    long publisher,
    DeliveryPolicy policy) {

  /** A message that needs what MQTT asks of its quality of service. */
  public Message(
      String topic,
      ByteBuffer payload,
      Qos qos,
      boolean retain,
      MessageProperties properties,
      long expiresAtMillis,
      long publisher) {
    this(
        topic,
        payload,
        qos,
        retain,
        properties,
        expiresAtMillis,
        publisher,
        DeliveryPolicy.of(qos));
  }

  /** Whether the message has no time left: it is no longer delivered [MQTT-3.3.2-5]. */
  public boolean isExpired(long nowMillis) {
    return expiresAtMillis != 0 && nowMillis >= expiresAtMillis;
  }

  /** The same message with the given RETAIN flag; shares the payload. */
  public Message withRetain(boolean newRetain) {
    return newRetain == retain
        ? this
        : new Message(
            topic, payload, qos, newRetain, properties, expiresAtMillis, publisher, policy);
  }

  /** The same message with the given quality of service; shares the payload. */
  public Message withQos(Qos newQos) {
    return newQos == qos
        ? this
        : new Message(
            topic, payload, newQos, retain, properties, expiresAtMillis, publisher, policy);
  }

  /** The same message to another topic; shares the payload. */
  public Message withTopic(String newTopic) {
    return new Message(
        newTopic, payload, qos, retain, properties, expiresAtMillis, publisher, policy);
  }

  /** The same message with other needs; shares the payload. */
  public Message withPolicy(DeliveryPolicy newPolicy) {
    return newPolicy.equals(policy)
        ? this
        : new Message(
            topic, payload, qos, retain, properties, expiresAtMillis, publisher, newPolicy);
  }

  /** The same message from another publisher; shares the payload. */
  public Message withPublisher(long newPublisher) {
    return newPublisher == publisher
        ? this
        : new Message(
            topic, payload, qos, retain, properties, expiresAtMillis, newPublisher, policy);
  }

  /** Fit for a log: shows the size of the payload, and neither payload nor properties. */
  @Override
  public String toString() {
    return "Message[topic=%s, payloadBytes=%d, qos=%d, retain=%b, expiresAtMillis=%d]"
        .formatted(topic, payload.remaining(), qos.value(), retain, expiresAtMillis);
  }
}
