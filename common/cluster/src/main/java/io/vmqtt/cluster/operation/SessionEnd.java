package io.vmqtt.cluster.operation;

/**
 * What became of a session that was to end.
 *
 * @param reason 0x00: there is none any more; else why not, as in CONNACK [MQTT-3.2.2.2]
 */
public record SessionEnd(int reason) {}
