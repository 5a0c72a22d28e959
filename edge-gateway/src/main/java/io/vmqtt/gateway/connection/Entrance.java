package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.access.Access;
import io.vmqtt.model.Namespace;

/**
 * Where connections come in, and what holds for all that come that way.
 *
 * @param namespace where clients are, unless access control puts them elsewhere
 * @param limits of each connection
 * @param access who is let in, and what each may do
 */
public record Entrance(Namespace namespace, Limits limits, Access access) {}
