package io.vmqtt.cluster.operation;

/** Which trace. */
public record TraceName(String id) {}
