package io.vmqtt.gateway.config;

import static io.vmqtt.cluster.process.Bounds.asInt;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.gateway.connection.TopicLimits;
import java.time.Duration;
import java.util.List;

/**
 * What an operator can set for a gateway, as properties {@code vmqtt.gateway.*}; see {@code
 * docs/configuration.md}.
 *
 * @param host address to listen on for MQTT
 * @param port port to listen on for MQTT; 0: any free one
 * @param eventLoops threads for connections; 0: as many as there are processors
 * @param maxConnections further ones are refused; 0: as many as the limit of open files allows
 * @param maxPacketSize largest packet that is taken from a client, in bytes
 * @param receiveMaximum QoS 1 and 2 publishes of a client that may be unacknowledged
 * @param maxInFlight QoS 1 and 2 deliveries to a client that may be unacknowledged
 * @param maxQueuedMessages further deliveries that a transient session holds back
 * @param maxQueuedBytes and their bytes; 0: half of {@code clientMemory}, at most 64 MiB
 * @param topicAliasMaximum topic aliases that a client may use
 * @param maxKeepAlive longest keep alive, in whole seconds; 0: no limit
 * @param maxTopicLevels levels of a topic name or filter
 * @param maxTopicBytes bytes of a topic name or filter
 * @param maxFilters topic filters in a SUBSCRIBE
 * @param maxSubscriptions subscriptions of a session
 * @param maxUnansweredBytes QoS 1 and 2 publishes that may be unanswered per event loop; 0: a part
 *     of the heap, at most 32 MiB
 * @param clientMemory what may wait for clients altogether; 0: a quarter of the memory
 * @param connectTimeout from the opening of a connection to its CONNECT, and again to its CONNACK
 * @param failureDetection how long a router that cannot be reached still counts for SUBACK
 * @param logConnections whether the log says who comes and goes
 */
@ConfigurationProperties("vmqtt.gateway")
public record GatewayOptions(
    @Bindable(defaultValue = "0.0.0.0") String host,
    @Bindable(defaultValue = "1883") int port,
    @Bindable(defaultValue = "0") int eventLoops,
    @Bindable(defaultValue = "0") int maxConnections,
    @Bindable(defaultValue = "1048576") long maxPacketSize,
    @Bindable(defaultValue = "1024") int receiveMaximum,
    @Bindable(defaultValue = "1024") int maxInFlight,
    @Bindable(defaultValue = "10000") int maxQueuedMessages,
    @Bindable(defaultValue = "0") long maxQueuedBytes,
    @Bindable(defaultValue = "32") int topicAliasMaximum,
    @Bindable(defaultValue = "0s") Duration maxKeepAlive,
    @Bindable(defaultValue = "200") int maxTopicLevels,
    @Bindable(defaultValue = "65535") int maxTopicBytes,
    @Bindable(defaultValue = "20000") int maxFilters,
    @Bindable(defaultValue = "20000") int maxSubscriptions,
    @Bindable(defaultValue = "0") long maxUnansweredBytes,
    @Bindable(defaultValue = "0") long clientMemory,
    @Bindable(defaultValue = "10s") Duration connectTimeout,
    @Bindable(defaultValue = "3s") Duration failureDetection,
    @Bindable(defaultValue = "false") boolean logConnections) {

  /** As the gateway takes it. */
  public GatewayConfig toConfig() {
    long clientMemoryBytes = clientMemory > 0 ? clientMemory : MemoryDefaults.clientMemoryBytes();
    return new GatewayConfig(
        host,
        port,
        eventLoops,
        new Limits(
            receiveMaximum,
            maxInFlight,
            maxQueuedMessages,
            maxQueuedBytes > 0 ? maxQueuedBytes : MemoryDefaults.maxQueuedBytes(clientMemoryBytes),
            topicAliasMaximum,
            asInt(maxKeepAlive.toSeconds()),
            asInt(maxPacketSize),
            new TopicLimits(maxTopicLevels, maxTopicBytes, maxFilters, maxSubscriptions)),
        maxConnections,
        maxUnansweredBytes > 0
            ? maxUnansweredBytes
            : MemoryDefaults.maxUnansweredBytes(clientMemoryBytes, eventLoops),
        clientMemoryBytes,
        connectTimeout,
        failureDetection,
        logConnections,
        List.of());
  }
}
