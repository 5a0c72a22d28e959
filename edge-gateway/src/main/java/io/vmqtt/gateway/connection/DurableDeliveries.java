package io.vmqtt.gateway.connection;

import io.vmqtt.model.Delivery;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;

/**
 * Deliveries of a session whose queue is at its shard, which also keeps the window and the packet
 * ids: all there is to know here is which queue sequence a packet id stands for, and how far it is.
 *
 * <p>What a client does not take waits here, within its window. Where memory is tight, or too much
 * waits, it is not taken at all, and asked for again when the client takes more: the shard has it.
 */
final class DurableDeliveries extends Deliveries {
  private final Session.Durable session;
  private final long maxWaitingBytes;
  private final Waiting<DurableDelivery> waiting;
  private final Map<Integer, Open> openByPacketId = new HashMap<>();
  private long deliveredThrough;
  private long sentThrough;
  private boolean behind;

  /** What comes may be of subscriptions that were made when the client was allowed more. */
  private boolean judging;

  /** A delivery that its client has not finished. */
  private record Open(long sequence, NextAnswer awaited) {}

  DurableDeliveries(Terms terms, Session.Durable session) {
    super(terms);
    this.session = session;
    this.maxWaitingBytes = terms.limits().maxQueuedBytes();
    this.waiting = new Waiting<>(terms.cluster().memory(), DurableDelivery::message);
  }

  /**
   * The client may do other things than when its subscriptions were made. Until then all that they
   * bring is allowed, as they are, and nobody asks.
   */
  void accessChanged() {
    judging = !terms.may().areAll();
  }

  /** The highest sequence that was taken; what comes again up to it is a change of path. */
  long deliveredThrough() {
    return deliveredThrough;
  }

  /** A push: what follows one that did not come, or was not taken, is asked for again. */
  void deliver(DurableDelivery delivery) {
    if (delivery.sequence() == 0) {
      take(delivery);
    } else if (delivery.sequence() > deliveredThrough) {
      if (delivery.after() > deliveredThrough) {
        if (!behind) {
          session.missedDelivery();
        }
      } else if (take(delivery)) {
        deliveredThrough = delivery.sequence();
      }
    }
  }

  /**
   * Writes a delivery, or keeps it until the client takes it.
   *
   * @return false if it is not taken: neither is what follows it, until it was asked for again
   */
  private boolean take(DurableDelivery delivery) {
    if (delivery.sequence() == 0) { // QoS 0: a client that is too slow does without
      if (!waiting.isEmpty()) {
        tooSlow();
      } else if (goesAtOnce()) {
        write(delivery);
      }
      return true;
    }
    boolean small = delivery.message() == null;
    if (waiting.isEmpty()
        && (small || (client.isWritable() && !client.isToBeSpared() && use.maySend()))) {
      write(delivery);
      return true;
    }
    client.lookSoon();
    if (client.isToBeSpared() || waiting.bytes() >= maxWaitingBytes) {
      behind = true;
      return false;
    }
    waiting.add(delivery);
    return true;
  }

  private void write(DurableDelivery pushed) {
    ClientOutput.Outgoing message = pushed.message();
    sentThrough = Math.max(sentThrough, pushed.sequence());
    if (pushed.release()) {
      openByPacketId.put(pushed.packetId(), new Open(pushed.sequence(), NextAnswer.PUBCOMP));
      client.pubRel(pushed.packetId(), ReasonCode.SUCCESS);
      return;
    }
    if (message == null) {
      return;
    }
    if (judging && !terms.may().mayReceive(message.topic())) {
      missed(Missed.DELIVERY_DENIED);
      dispose(pushed, session::withhold);
      return;
    }
    boolean tooLarge = isTooLarge(message, pushed.delivery());
    boolean expired = message.isExpired() && !pushed.dup(); // else it has begun [MQTT-3.3.2-5]
    if (expired || tooLarge) {
      missed(tooLarge ? Missed.TOO_LARGE : Missed.EXPIRED);
      dispose(
          pushed, session::acknowledge); // not for this client any more, or ever [MQTT-3.1.2-25]
      return;
    }
    Qos qos = pushed.delivery().qos();
    if (qos != Qos.AT_MOST_ONCE) {
      openByPacketId.put(
          pushed.packetId(), new Open(pushed.sequence(), NextAnswer.afterPublish(qos)));
    }
    publish(message, pushed.packetId(), pushed.dup(), pushed.delivery());
  }

  /**
   * The client does without, and the message leaves the queue. What may have begun at QoS 2 goes on
   * as if it had been received: it may have been, and its packet id means that message to the
   * client until PUBREL.
   */
  private void dispose(DurableDelivery pushed, LongConsumer end) {
    if (pushed.sequence() == 0) {
      return;
    }
    if (pushed.dup() && pushed.delivery().qos() == Qos.EXACTLY_ONCE) {
      Open begun = new Open(pushed.sequence(), NextAnswer.PUBREC);
      openByPacketId.put(pushed.packetId(), begun);
      session.receive(pushed.sequence(), () -> release(pushed.packetId(), begun));
    } else {
      end.accept(pushed.sequence());
    }
  }

  @Override
  boolean acknowledged(int packetId) {
    return complete(packetId, NextAnswer.PUBACK);
  }

  @Override
  void received(int packetId, boolean failed) {
    Open open = openByPacketId.get(packetId);
    if (failed) {
      complete(packetId, NextAnswer.PUBREC);
    } else if (open == null) {
      client.pubRel(packetId, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
    } else {
      if (open.awaited != NextAnswer.PUBCOMP) { // else it comes again
        open.awaited.check(NextAnswer.PUBREC);
      }
      session.receive(open.sequence, () -> release(packetId, open));
    }
  }

  private void release(int packetId, Open received) {
    openByPacketId.replace(packetId, received, new Open(received.sequence, NextAnswer.PUBCOMP));
    client.pubRel(packetId, ReasonCode.SUCCESS);
  }

  @Override
  boolean completed(int packetId) {
    return complete(packetId, NextAnswer.PUBCOMP);
  }

  private boolean complete(int packetId, NextAnswer answer) {
    Open open = openByPacketId.get(packetId);
    if (open != null) {
      open.awaited.check(answer);
      openByPacketId.remove(packetId);
      finished(packetId);
      session.acknowledge(open.sequence);
    }
    return open != null;
  }

  @Override
  void unfinished(IntConsumer packetIds) {
    openByPacketId.keySet().forEach(packetIds::accept);
  }

  @Override
  void writable() {
    while (!waiting.isEmpty()
        && client.isWritable()
        && (waiting.first().message() == null || use.maySend())) {
      write(waiting.remove());
    }
    if (behind && waiting.isEmpty() && client.isWritable() && !client.isToBeSpared()) {
      behind = !session.missedDelivery();
    }
  }

  @Override
  boolean hasRoom() {
    return true; // its shard knows
  }

  @Override
  boolean deliverIfRoom(ClientOutput.Outgoing message, Delivery delivery) {
    return false; // it goes into the queue
  }

  @Override
  long sentThrough() {
    return sentThrough;
  }

  @Override
  long waitingBytes() {
    return waiting.bytes();
  }

  @Override
  boolean isAtRest() {
    return waiting.isEmpty() && !behind;
  }

  @Override
  void close() {
    gone();
    waiting.clear();
  }
}
