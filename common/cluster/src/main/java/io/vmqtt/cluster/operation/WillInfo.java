package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The will of one session; what it says is not told.
 *
 * @param payloadBytes how long its payload is
 * @param delaySeconds from the end of the connection to its publication
 * @param expirySeconds from its publication to its expiry; 0: never
 */
@JsonInclude
public record WillInfo(
    String topic,
    int qos,
    boolean retain,
    int payloadBytes,
    long delaySeconds,
    long expirySeconds) {}
