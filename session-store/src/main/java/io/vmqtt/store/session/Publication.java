package io.vmqtt.store.session;

import io.vmqtt.model.Qos;

/**
 * A published message as the rules of a shard see it.
 *
 * @param topic a valid topic name
 * @param qos quality of service of the publish
 * @param retain the RETAIN flag of the publish
 * @param empty whether the payload has no bytes: as a retained message, it deletes
 * @param publisher hash of the publisher's client id, for No Local; 0: unknown
 * @param expiresAtMillis milliseconds since 1970 from which on nobody may receive it; 0: never
 * @param bytes what it counts for against the bounds of a queue
 * @param content the message itself
 */
public record Publication(
    String topic,
    Qos qos,
    boolean retain,
    boolean empty,
    long publisher,
    long expiresAtMillis,
    int bytes,
    Content content) {

  /** Whether it has no time left [MQTT-3.3.2-5]. */
  public boolean isExpired(long nowMillis) {
    return expiresAtMillis != 0 && nowMillis >= expiresAtMillis;
  }

  /** Fit for a log: no payload. */
  @Override
  public String toString() {
    return "Publication[topic=" + topic + ", qos=" + qos.value() + ", bytes=" + bytes + "]";
  }
}
