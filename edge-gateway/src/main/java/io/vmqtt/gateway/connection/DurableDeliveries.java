package io.vmqtt.gateway.connection;

import io.vmqtt.model.ReasonCode;
import java.util.HashMap;
import java.util.Map;

/**
 * Deliveries of a session whose queue is at its shard, which also keeps the window and the packet
 * ids: all there is to know here is which queue sequence a packet id stands for, and how far it is.
 */
final class DurableDeliveries implements Deliveries {
  private final ClientOutput client;
  private final Session session;
  private final Map<Integer, Open> openByPacketId = new HashMap<>();
  private long sentThrough;

  /** A delivery that its client has not finished. */
  private record Open(long sequence, Awaited awaited) {}

  DurableDeliveries(ClientOutput client, Session session) {
    this.client = client;
    this.session = session;
  }

  void deliver(DurableDelivery delivery, long maximumPacketBytes) {
    ClientOutput.Outgoing message = delivery.message();
    sentThrough = Math.max(sentThrough, delivery.sequence());
    if (delivery.release()) {
      openByPacketId.put(delivery.packetId(), new Open(delivery.sequence(), Awaited.PUBCOMP));
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
    boolean expired = message.isExpired() && !delivery.dup(); // else it has begun [MQTT-3.3.2-5]
    if (expired || tooLarge) {
      // Not for this client any more, or ever [MQTT-3.1.2-25]: it leaves the queue.
      if (delivery.sequence() != 0) {
        session.acknowledge(delivery.sequence());
      }
      return;
    }
    if (delivery.qos() > 0) {
      openByPacketId.put(
          delivery.packetId(), new Open(delivery.sequence(), Awaited.afterPublish(delivery.qos())));
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
    return complete(packetId, Awaited.PUBACK);
  }

  @Override
  public void received(int packetId, boolean failed) {
    Open open = openByPacketId.get(packetId);
    if (failed) {
      complete(packetId, Awaited.PUBREC);
    } else if (open == null) {
      client.pubRel(packetId, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
    } else {
      if (open.awaited != Awaited.PUBCOMP) { // else it comes again
        open.awaited.check(Awaited.PUBREC);
      }
      session.receive(open.sequence, () -> release(packetId, open));
    }
  }

  private void release(int packetId, Open received) {
    openByPacketId.replace(packetId, received, new Open(received.sequence, Awaited.PUBCOMP));
    client.pubRel(packetId, ReasonCode.SUCCESS);
  }

  @Override
  public boolean completed(int packetId) {
    return complete(packetId, Awaited.PUBCOMP);
  }

  private boolean complete(int packetId, Awaited answer) {
    Open open = openByPacketId.get(packetId);
    if (open != null) {
      open.awaited.check(answer);
      openByPacketId.remove(packetId);
      session.acknowledge(open.sequence);
    }
    return open != null;
  }

  @Override
  public void writable() {}

  @Override
  public long sentThrough() {
    return sentThrough;
  }
}
