package io.vmqtt.gateway.connection;

import io.vmqtt.model.ReasonCode;
import java.util.HashMap;
import java.util.Map;

/**
 * Deliveries of a session whose queue is at its shard, which also keeps the window and the packet
 * ids: all there is to know here is which queue sequence a packet id stands for.
 */
final class DurableDeliveries implements Deliveries {
  private final ClientOutput client;
  private final Session session;
  private final Map<Integer, Long> sequenceByPacketId = new HashMap<>();
  private long sentThrough;

  DurableDeliveries(ClientOutput client, Session session) {
    this.client = client;
    this.session = session;
  }

  void deliver(DurableDelivery delivery, long maximumPacketBytes) {
    ClientOutput.Outgoing message = delivery.message();
    sentThrough = Math.max(sentThrough, delivery.sequence());
    if (delivery.release()) {
      sequenceByPacketId.put(delivery.packetId(), delivery.sequence());
      client.pubRel(delivery.packetId(), ReasonCode.SUCCESS);
      return;
    }
    if (message == null) {
      return;
    }
    boolean tooLarge =
        maximumPacketBytes != Long.MAX_VALUE
            && message.encodedBytes(delivery.qos(), delivery.subscriptionIdentifiers())
                > maximumPacketBytes;
    if (message.isExpired() || tooLarge) {
      // Not for this client any more, or ever [MQTT-3.1.2-25]: it leaves the queue.
      if (delivery.sequence() != 0) {
        session.acknowledge(delivery.sequence());
      }
      return;
    }
    if (delivery.qos() > 0) {
      sequenceByPacketId.put(delivery.packetId(), delivery.sequence());
    } else if (!client.isWritable()) {
      return;
    }
    client.publish(
        message,
        delivery.packetId(),
        delivery.qos(),
        delivery.dup(),
        delivery.retain(),
        delivery.subscriptionIdentifiers());
  }

  @Override
  public boolean acknowledged(int packetId) {
    return completed(packetId);
  }

  @Override
  public void received(int packetId, boolean failed) {
    Long sequence = sequenceByPacketId.get(packetId);
    if (failed) {
      completed(packetId);
    } else if (sequence == null) {
      client.pubRel(packetId, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
    } else {
      session.receive(sequence, () -> client.pubRel(packetId, ReasonCode.SUCCESS));
    }
  }

  @Override
  public boolean completed(int packetId) {
    Long sequence = sequenceByPacketId.remove(packetId);
    if (sequence != null) {
      session.acknowledge(sequence);
    }
    return sequence != null;
  }

  @Override
  public void writable() {}

  @Override
  public long sentThrough() {
    return sentThrough;
  }
}
