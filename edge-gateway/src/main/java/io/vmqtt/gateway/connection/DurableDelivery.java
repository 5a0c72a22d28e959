package io.vmqtt.gateway.connection;

import io.vmqtt.model.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that a shard pushed.
 *
 * @param message absent for a release
 * @param sequence queue sequence; 0 at QoS 0
 * @param after sequence of the delivery before it, which the connection must have had
 * @param packetId the same on every redelivery; 0 at QoS 0
 * @param delivery how the client is to see it
 * @param dup it may have been sent before
 * @param release the client has it: PUBREL is due
 */
public record DurableDelivery(
    ClientOutput.@Nullable Outgoing message,
    long sequence,
    long after,
    int packetId,
    Delivery delivery,
    boolean dup,
    boolean release) {}
