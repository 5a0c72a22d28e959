package io.vmqtt.cluster.operation;

/**
 * A topic that somebody might publish to.
 *
 * @param namespace empty: the nameless one
 */
public record TopicQuery(String namespace, String topic) {}
