package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A listener of a gateway.
 *
 * @param host the address that it listens on
 * @param port the one that it has, where any free one was wanted, too
 * @param transport {@code tcp}, {@code tls}, {@code ws}, {@code wss} or {@code quic}
 * @param namespace where its clients are, unless access control puts them elsewhere; empty: the
 *     nameless one
 * @param connections open ones
 * @param maxConnections further ones are closed as they come; 0: as many as the gateway takes
 * @param accepting whether a connection would be taken now, as far as their number goes
 * @param certificateExpires ISO-8601, the first of those that it shows; null: it has none
 */
@JsonInclude
public record ListenerInfo(
    String name,
    String host,
    int port,
    String transport,
    String namespace,
    int connections,
    int maxConnections,
    boolean accepting,
    @Nullable String certificateExpires) {}
