package io.vmqtt.gateway.connection;

/** What a client is sent, and what of QoS 1 and 2 it has not finished. */
abstract sealed class Deliveries permits TransientDeliveries, DurableDeliveries {
  final ClientOutput client;
  private final long maximumPacketBytes;

  Deliveries(Terms terms) {
    this.client = terms.client();
    this.maximumPacketBytes = terms.agreed().maximumPacketBytes();
  }

  /** PUBACK: whether the packet id was known. */
  abstract boolean acknowledged(int packetId);

  /** PUBREC: answers with PUBREL in time; {@code failed} if it carries an error code. */
  abstract void received(int packetId, boolean failed);

  /** PUBCOMP: whether the packet id was known. */
  abstract boolean completed(int packetId);

  /** The client takes more again. */
  abstract void writable();

  /** Whether a further message could leave at once. */
  abstract boolean hasRoom();

  /** Sends a retained message of QoS 1 or 2 unless the client has no room for it now. */
  abstract boolean deliverIfRoom(ClientOutput.Outgoing message, int qos, int[] ids);

  /** Highest queue sequence written. */
  abstract long sentThrough();

  /** Bytes of what waits here to be written. */
  abstract long waitingBytes();

  /** The connection is over: nothing waits any more. */
  abstract void close();

  /** As {@link SessionOwner#deliverRetained}; what the client must not get is done with. */
  final boolean deliverRetained(ClientOutput.Outgoing message, int qos, int[] ids) {
    if (message.isExpired() || isTooLarge(message, qos, ids)) {
      return true;
    }
    boolean goes = client.isWritable();
    if (goes && qos == 0) {
      client.publish(message, 0, 0, false, true, ids);
    } else if (goes) {
      goes = deliverIfRoom(message, qos, ids);
    }
    return goes;
  }

  /** [MQTT-3.1.2-25]. */
  final boolean isTooLarge(ClientOutput.Outgoing message, int qos, int[] ids) {
    return maximumPacketBytes != Long.MAX_VALUE
        && message.encodedBytes(qos, ids) > maximumPacketBytes;
  }
}
