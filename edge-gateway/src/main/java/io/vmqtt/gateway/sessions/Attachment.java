package io.vmqtt.gateway.sessions;

/**
 * The fact that a connection of this gateway owns a session.
 *
 * @param clientId of the client
 * @param connection this gateway's number of the connection
 * @param shard where the session is known
 * @param session the shard's number of it
 * @param epoch fences older connections
 */
public record Attachment(String clientId, long connection, int shard, long session, long epoch) {}
