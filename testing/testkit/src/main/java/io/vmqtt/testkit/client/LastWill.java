package io.vmqtt.testkit.client;

/** What the broker is to publish when a client is lost. */
public record LastWill(String topic, String payload, int qos, boolean retained) {}
