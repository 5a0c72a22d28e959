package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.model.ReasonCode;
import java.util.HashMap;
import java.util.Map;

/**
 * Deliveries of a session that ends with its connection. What does not fit the client's window
 * waits here, up to a bound in messages and in bytes: a client that falls further behind loses its
 * connection, never a message that it would have been entitled to.
 */
final class TransientDeliveries implements Deliveries {
  private static final int MAX_PACKET_ID = 65_535;

  private final ClientOutput client;
  private final int window;
  private final Limits limits;
  private final Map<Integer, Awaited> awaitedByPacketId = new HashMap<>();
  private final Waiting<Queued> queue;
  private int lastPacketId;

  @SuppressWarnings("ArrayRecordComponent") // never changed, never compared: spares a copy
  private record Queued(ClientOutput.Outgoing message, int qos, boolean retain, int[] ids) {}

  TransientDeliveries(ClientOutput client, int window, Limits limits, LoopMemory memory) {
    this.client = client;
    this.window = window;
    this.limits = limits;
    this.queue = new Waiting<>(memory, Queued::message);
  }

  /**
   * Sends or queues a message of QoS 1 or 2.
   *
   * @return false if no more may be queued
   */
  boolean deliver(ClientOutput.Outgoing message, int qos, boolean retain, int[] ids) {
    if (queue.isEmpty() && hasRoom()) {
      send(message, qos, retain, ids);
      return true;
    }
    if (queue.size() >= limits.maxQueuedMessages() || queue.bytes() >= limits.maxQueuedBytes()) {
      return false;
    }
    queue.add(new Queued(message, qos, retain, ids));
    return true;
  }

  @Override
  public boolean acknowledged(int packetId) {
    return complete(packetId, Awaited.PUBACK);
  }

  @Override
  public void received(int packetId, boolean failed) {
    Awaited awaited = awaitedByPacketId.get(packetId);
    if (failed) {
      complete(packetId, Awaited.PUBREC);
    } else if (awaited == null) {
      client.pubRel(packetId, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
    } else {
      if (awaited != Awaited.PUBCOMP) { // else it comes again
        awaited.check(Awaited.PUBREC);
      }
      awaitedByPacketId.put(packetId, Awaited.PUBCOMP);
      client.pubRel(packetId, ReasonCode.SUCCESS);
    }
  }

  @Override
  public boolean completed(int packetId) {
    return complete(packetId, Awaited.PUBCOMP);
  }

  private boolean complete(int packetId, Awaited answer) {
    Awaited awaited = awaitedByPacketId.get(packetId);
    if (awaited != null) {
      awaited.check(answer);
      awaitedByPacketId.remove(packetId);
    }
    drain();
    return awaited != null;
  }

  @Override
  public void writable() {
    drain();
  }

  @Override
  public long sentThrough() {
    return 0;
  }

  @Override
  public long waitingBytes() {
    return queue.bytes();
  }

  @Override
  public void close() {
    queue.clear();
  }

  private void drain() {
    while (!queue.isEmpty() && hasRoom()) {
      Queued next = queue.remove();
      if (!next.message.isExpired()) {
        send(next.message, next.qos, next.retain, next.ids);
      }
    }
  }

  private boolean hasRoom() {
    return awaitedByPacketId.size() < window && client.isWritable();
  }

  private void send(ClientOutput.Outgoing message, int qos, boolean retain, int[] ids) {
    int packetId = lastPacketId;
    do {
      packetId = packetId == MAX_PACKET_ID ? 1 : packetId + 1;
    } while (awaitedByPacketId.containsKey(packetId));
    lastPacketId = packetId;
    awaitedByPacketId.put(packetId, Awaited.afterPublish(qos));
    client.publish(message, packetId, qos, false, retain, ids);
  }
}
