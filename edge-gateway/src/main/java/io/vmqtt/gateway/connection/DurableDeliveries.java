package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.model.ReasonCode;
import java.util.HashMap;
import java.util.Map;

/**
 * Deliveries of a session whose queue is at its shard, which also keeps the window and the packet
 * ids: all there is to know here is which queue sequence a packet id stands for, and how far it is.
 *
 * <p>What a client does not take waits here, within its window. Where memory is tight, or too much
 * waits, it is not taken at all, and asked for again when the client takes more: the shard has it.
 */
final class DurableDeliveries implements Deliveries {
  private final ClientOutput client;
  private final Session session;
  private final long maximumPacketBytes;
  private final long maxWaitingBytes;
  private final Waiting<DurableDelivery> waiting;
  private final Map<Integer, Open> openByPacketId = new HashMap<>();
  private long sentThrough;
  private boolean behind;

  /** A delivery that its client has not finished. */
  private record Open(long sequence, Awaited awaited) {}

  DurableDeliveries(
      ClientOutput client, Session session, Agreement agreed, Limits limits, LoopMemory memory) {
    this.client = client;
    this.session = session;
    this.maximumPacketBytes = agreed.maximumPacketBytes();
    this.maxWaitingBytes = limits.maxQueuedBytes();
    this.waiting = new Waiting<>(memory, DurableDelivery::message);
  }

  /**
   * Writes a delivery, or keeps it until the client takes it.
   *
   * @return false if it is not taken: neither is what follows it, until it was asked for again
   */
  boolean deliver(DurableDelivery delivery) {
    boolean small = delivery.message() == null;
    if (waiting.isEmpty() && (small || (client.isWritable() && !client.isToBeSpared()))) {
      write(delivery);
      return true;
    }
    if (delivery.sequence() == 0) {
      return true; // QoS 0: a client that is too slow does without
    }
    if (client.isToBeSpared() || waiting.bytes() >= maxWaitingBytes) {
      behind = true;
      return false;
    }
    waiting.add(delivery);
    return true;
  }

  /** Whether something was not taken, and has not been asked for again. */
  boolean isBehind() {
    return behind;
  }

  private void write(DurableDelivery delivery) {
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
  public void writable() {
    while (!waiting.isEmpty() && client.isWritable()) {
      write(waiting.remove());
    }
    if (behind && waiting.isEmpty() && client.isWritable() && !client.isToBeSpared()) {
      behind = !session.missedDelivery();
    }
  }

  @Override
  public boolean hasRoom() {
    return true; // its shard knows
  }

  @Override
  public long sentThrough() {
    return sentThrough;
  }

  @Override
  public long waitingBytes() {
    return waiting.bytes();
  }

  @Override
  public void close() {
    waiting.clear();
  }
}
