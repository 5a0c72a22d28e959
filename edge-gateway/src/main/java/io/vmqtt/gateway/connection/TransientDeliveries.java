package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.connection.SessionOwner.Delivered;
import io.vmqtt.gateway.memory.LoopMemory;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries of a session that ends with its connection. What does not fit the client's window
 * waits here, up to a bound in messages and in bytes: a client that falls further behind loses its
 * connection, never a message that it would have been entitled to.
 */
final class TransientDeliveries extends Deliveries {
  /** What is kept of messages of share groups that are with the client, for others to get. */
  private static final int MAX_KEPT_BYTES = 1 << 20;

  private final int window;
  private final Limits limits;
  private final LoopMemory memory;
  private final SentPackets sent = new SentPackets();
  private final Waiting<Queued> queue;
  private int keptBytes;

  private record Queued(
      ClientOutput.Outgoing message, Delivery delivery, @Nullable SharedMessage shared) {}

  TransientDeliveries(Terms terms) {
    super(terms);
    this.window = terms.agreed().window();
    this.limits = terms.limits();
    this.memory = terms.cluster().memory();
    this.queue = new Waiting<>(memory, Queued::message);
  }

  /**
   * Sends or queues a message. After {@link Delivered#TOO_MUCH} the connection has to end: the
   * client would have been entitled to it.
   */
  Delivered deliver(
      ClientOutput.Outgoing message, Delivery delivery, @Nullable SharedMessage shared) {
    boolean tooLarge = isTooLarge(message, delivery);
    if (tooLarge || message.isExpired()) { // [MQTT-3.3.2-5]
      missed(tooLarge ? Missed.TOO_LARGE : Missed.EXPIRED);
      done(shared);
      return Delivered.DROPPED;
    }
    if (delivery.qos() == Qos.AT_MOST_ONCE) {
      if (!goesAtOnce()) {
        return Delivered.DROPPED;
      }
      publish(message, 0, false, delivery);
      return Delivered.GIVEN;
    }
    if (queue.isEmpty() && hasRoom() && use.maySend()) {
      send(message, delivery, shared);
      return Delivered.GIVEN;
    }
    if (queue.size() >= limits.maxQueuedMessages() || queue.bytes() >= limits.maxQueuedBytes()) {
      missed(Missed.FELL_BEHIND);
      return Delivered.TOO_MUCH;
    }
    queue.add(new Queued(message, delivery, shared));
    client.lookSoon();
    return Delivered.GIVEN;
  }

  /** Whether it can take what another has left, too, and still be far from its bound. */
  boolean takesMore() {
    return queue.size() < limits.maxQueuedMessages() / 2
        && queue.bytes() < limits.maxQueuedBytes() / 2;
  }

  /**
   * Another member of the share group gets what the client had not acknowledged at QoS 1, or never
   * got. At QoS 2 nobody else may get what was on its way [MQTT-4.8.2-5].
   */
  @Override
  void close() {
    gone();
    List<SharedMessage> left = new ArrayList<>(sent.kept());
    while (!queue.isEmpty()) {
      SharedMessage shared = queue.remove().shared;
      if (shared != null) {
        left.add(shared);
      }
    }
    sent.clear();
    keep(-keptBytes);
    left.forEach(shared -> shared.toAnother().run());
  }

  @Override
  boolean acknowledged(int packetId) {
    return complete(packetId, NextAnswer.PUBACK);
  }

  @Override
  void received(int packetId, boolean failed) {
    NextAnswer awaited = sent.awaited(packetId);
    if (failed) {
      complete(packetId, NextAnswer.PUBREC);
    } else if (awaited == null) {
      client.pubRel(packetId, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
    } else {
      if (awaited != NextAnswer.PUBCOMP) { // else it comes again
        awaited.check(NextAnswer.PUBREC);
        sent.await(packetId, NextAnswer.PUBCOMP);
      }
      client.pubRel(packetId, ReasonCode.SUCCESS);
    }
  }

  @Override
  boolean completed(int packetId) {
    return complete(packetId, NextAnswer.PUBCOMP);
  }

  private boolean complete(int packetId, NextAnswer answer) {
    NextAnswer awaited = sent.awaited(packetId);
    if (awaited != null) {
      awaited.check(answer);
      finished(packetId);
      SharedMessage kept = sent.end(packetId);
      if (kept != null) {
        keep(-kept.bytes());
        kept.done().run();
      }
    }
    drain();
    return awaited != null;
  }

  @Override
  void unfinished(IntConsumer packetIds) {
    sent.forEach(packetIds);
  }

  @Override
  void writable() {
    drain();
  }

  @Override
  long sentThrough() {
    return 0;
  }

  @Override
  long waitingBytes() {
    return queue.bytes();
  }

  @Override
  boolean isAtRest() {
    return queue.isEmpty();
  }

  private void drain() {
    while (!queue.isEmpty() && hasRoom()) {
      boolean expired = queue.first().message.isExpired();
      if (!expired && !use.maySend()) {
        return;
      }
      Queued next = queue.remove();
      if (expired) {
        missed(Missed.EXPIRED);
        done(next.shared);
      } else {
        send(next.message, next.delivery, next.shared);
      }
    }
  }

  @Override
  boolean deliverIfRoom(ClientOutput.Outgoing message, Delivery delivery) {
    boolean goes = hasRoom() && queue.isEmpty() && use.maySend();
    if (goes) {
      send(message, delivery, null);
    }
    return goes;
  }

  @Override
  boolean hasRoom() {
    return sent.size() < window && client.isWritable();
  }

  private void send(
      ClientOutput.Outgoing message, Delivery delivery, @Nullable SharedMessage shared) {
    SharedMessage kept = null;
    if (shared != null
        && delivery.qos() == Qos.AT_LEAST_ONCE
        && keptBytes + shared.bytes() <= MAX_KEPT_BYTES) {
      kept = shared;
      keep(shared.bytes());
    } else {
      done(shared);
    }
    int packetId = sent.begin(NextAnswer.afterPublish(delivery.qos()), kept);
    publish(message, packetId, false, delivery);
  }

  private static void done(@Nullable SharedMessage shared) {
    if (shared != null) {
      shared.done().run();
    }
  }

  private void keep(int bytes) {
    keptBytes += bytes;
    memory.add(bytes);
  }
}
