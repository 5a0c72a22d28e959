package io.vmqtt.registry.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Where a client and its session are.
 *
 * @param shard the shard of its client id
 * @param leader the id of the store that leads that
 * @param attached whether a connection has the session now
 * @param gateway the id of the gateway that has it, or had it last; null: that one is no more
 * @param epoch of the session's latest attachment
 */
@JsonInclude
record ClientLocation(
    String namespace,
    String clientId,
    int shard,
    String leader,
    boolean attached,
    @Nullable String gateway,
    long epoch) {}
