package io.vmqtt.cluster.link;

/**
 * Who is at one end of a link.
 *
 * @param nodeId node id as in discovery
 * @param process number of the process, random at its start
 * @param version version of its software
 */
public record Peer(String nodeId, long process, String version) {}
