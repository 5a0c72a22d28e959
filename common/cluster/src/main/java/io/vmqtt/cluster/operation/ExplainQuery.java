package io.vmqtt.cluster.operation;

/**
 * A message that a client might publish, or be sent. Nothing is published by that.
 *
 * @param client who publishes it, or is sent it
 * @param topic a topic name
 * @param qos 0 to 2
 */
public record ExplainQuery(ClientName client, String topic, int qos, boolean retain) {}
