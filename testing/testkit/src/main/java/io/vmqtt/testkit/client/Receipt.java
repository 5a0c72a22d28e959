package io.vmqtt.testkit.client;

/**
 * A message that a client received.
 *
 * @param payload one character for each byte (ISO-8859-1)
 * @param retained whether it came with the retain flag
 * @param duplicate whether it came with the DUP flag
 */
public record Receipt(String topic, String payload, int qos, boolean retained, boolean duplicate) {}
