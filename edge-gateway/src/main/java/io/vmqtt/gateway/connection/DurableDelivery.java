package io.vmqtt.gateway.connection;

import org.jspecify.annotations.Nullable;

/**
 * A delivery that a shard pushed.
 *
 * @param message absent for a release
 * @param sequence queue sequence; 0 at QoS 0
 * @param after sequence of the delivery before it, which the connection must have had
 * @param packetId the same on every redelivery; 0 at QoS 0
 * @param qos of the delivery
 * @param dup it may have been sent before
 * @param retain RETAIN flag to show
 * @param release the client has it: PUBREL is due
 * @param subscriptionIdentifiers to show
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, never compared: spares a copy
public record DurableDelivery(
    ClientOutput.@Nullable Outgoing message,
    long sequence,
    long after,
    int packetId,
    int qos,
    boolean dup,
    boolean retain,
    boolean release,
    int[] subscriptionIdentifiers) {}
