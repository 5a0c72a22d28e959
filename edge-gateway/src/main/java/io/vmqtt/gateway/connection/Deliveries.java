package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.quota.NamespaceUse;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Qos;
import io.vmqtt.model.Quota;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** What a client is sent, and what of QoS 1 and 2 it has not finished. */
abstract sealed class Deliveries permits TransientDeliveries, DurableDeliveries {
  private static final int CROWD = 16;

  final ClientOutput client;
  final NamespaceUse use;
  final Terms terms;
  private final long maximumPacketBytes;
  private int spared;
  private final @Nullable DeliverySpans spans;

  Deliveries(Terms terms) {
    this.terms = terms;
    this.spans = terms.cluster().deliverySpans();
    this.client = terms.client();
    this.use = terms.use();
    this.maximumPacketBytes = terms.agreed().maximumPacketBytes();
  }

  /** PUBACK: whether the packet id was known. */
  abstract boolean acknowledged(int packetId);

  /** PUBREC: answers with PUBREL in time; {@code failed} if it carries an error code. */
  abstract void received(int packetId, boolean failed);

  /** PUBCOMP: whether the packet id was known. */
  abstract boolean completed(int packetId);

  /** Tells the packet ids of those that are not finished. */
  abstract void unfinished(IntConsumer packetIds);

  /** The client takes more again. */
  abstract void writable();

  /** Whether a further message could leave at once. */
  abstract boolean hasRoom();

  /** Sends a retained message of QoS 1 or 2 unless the client has no room for it now. */
  abstract boolean deliverIfRoom(ClientOutput.Outgoing message, Delivery delivery);

  /** Highest queue sequence written. */
  abstract long sentThrough();

  /** Bytes of what waits here to be written. */
  abstract long waitingBytes();

  /** Whether nothing here waits for time to pass. */
  abstract boolean isAtRest();

  /** The connection is over: nothing waits any more. */
  abstract void close();

  /** As {@link SessionOwner#deliverRetained}; what the client must not get is done with. */
  final boolean deliverRetained(ClientOutput.Outgoing message, Delivery delivery) {
    if (message.isExpired() || isTooLarge(message, delivery)) {
      return true;
    }
    if (!client.isWritable()) {
      return false;
    }
    if (delivery.qos() != Qos.AT_MOST_ONCE) {
      return deliverIfRoom(message, delivery);
    }
    boolean goes = use.maySend();
    if (goes) {
      publish(message, 0, false, delivery);
    }
    return goes;
  }

  /** As {@link ClientOutput#publish}. */
  final void publish(ClientOutput.Outgoing message, int packetId, boolean dup, Delivery delivery) {
    if (spans != null) {
      spans.sent(message.message(), packetId, delivery.qos());
    }
    client.publish(message, packetId, dup, delivery);
  }

  /** The client has finished what it was sent with a packet id. */
  final void finished(int packetId) {
    if (spans != null) {
      spans.acknowledged(packetId);
    }
  }

  /** The client will not finish what it has not yet. */
  final void gone() {
    if (spans != null) {
      spans.gone();
    }
  }

  /** Whether a message of QoS 0 goes now; else the client does without. */
  final boolean goesAtOnce() {
    if (!client.isWritable() || client.isToBeSpared()) {
      tooSlow();
      return false;
    }
    boolean goes = use.maySend();
    if (!goes) {
      use.refused(Quota.MESSAGES_OUT);
      missed(Missed.RATE_OUT);
    }
    return goes;
  }

  /** The client does without a message. */
  final void missed(Missed what) {
    terms.cluster().missed(what, terms.may().who(), 1);
  }

  /**
   * The same, for want of room: that comes in crowds, where there is the least time for it, so
   * after the first one it is told of so many at a time.
   */
  final void tooSlow() {
    spared++;
    if (spared == 1) {
      missed(Missed.TOO_SLOW);
    } else if (spared % CROWD == 1) {
      terms.cluster().missed(Missed.TOO_SLOW, terms.may().who(), CROWD);
    }
  }

  /** [MQTT-3.1.2-25]. */
  final boolean isTooLarge(ClientOutput.Outgoing message, Delivery delivery) {
    return maximumPacketBytes != Long.MAX_VALUE
        && message.encodedBytes(delivery) > maximumPacketBytes;
  }
}
