package io.vmqtt.cluster.node;

import io.micronaut.context.annotation.ConfigurationProperties;
import org.jspecify.annotations.Nullable;

/**
 * How this process takes part in a cluster.
 *
 * @param consul where Consul's HTTP interface listens, {@code HOST:PORT}; without it there is no
 *     cluster to take part in
 * @param advertiseHost the name or address under which the others reach this process; without it,
 *     the local address from which this machine reaches Consul
 */
@ConfigurationProperties("vmqtt")
public record ClusterConfiguration(@Nullable String consul, @Nullable String advertiseHost) {}
