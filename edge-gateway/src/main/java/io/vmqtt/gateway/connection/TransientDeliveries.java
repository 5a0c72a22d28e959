package io.vmqtt.gateway.connection;

import io.vmqtt.model.ReasonCode;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Deliveries of a session that ends with its connection. What does not fit the client's window
 * waits here, up to a bound: a client that falls further behind loses its connection, never a
 * message that it would have been entitled to.
 */
final class TransientDeliveries implements Deliveries {
  private static final int MAX_PACKET_ID = 65_535;

  private final ClientOutput client;
  private final int window;
  private final int maxQueued;
  private final Map<Integer, Awaited> awaitedByPacketId = new HashMap<>();
  private final ArrayDeque<Queued> queue = new ArrayDeque<>();
  private int lastPacketId;

  @SuppressWarnings("ArrayRecordComponent") // never changed, never compared: spares a copy
  private record Queued(ClientOutput.Outgoing message, int qos, boolean retain, int[] ids) {}

  TransientDeliveries(ClientOutput client, int window, int maxQueued) {
    this.client = client;
    this.window = window;
    this.maxQueued = maxQueued;
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
    if (queue.size() >= maxQueued) {
      return false;
    }
    queue.addLast(new Queued(message, qos, retain, ids));
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

  private void drain() {
    while (!queue.isEmpty() && hasRoom()) {
      Queued next = queue.removeFirst();
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
