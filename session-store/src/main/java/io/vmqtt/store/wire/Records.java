package io.vmqtt.store.wire;

import com.google.protobuf.UnsafeByteOperations;
import io.vmqtt.cluster.wire.WillOwners;
import io.vmqtt.proto.message.v1.ShareChoice;
import io.vmqtt.proto.session.v1.Subscription;
import io.vmqtt.proto.storage.v1.QueueRecord;
import io.vmqtt.proto.storage.v1.SessionRecord;
import io.vmqtt.proto.storage.v1.WillRecord;
import io.vmqtt.store.session.Change;
import io.vmqtt.store.session.PendingPublish;
import io.vmqtt.store.session.RouteKey;
import io.vmqtt.store.session.SessionHeader;
import io.vmqtt.store.session.SubscriptionTerms;
import io.vmqtt.store.session.Will;
import java.io.IOException;
import java.util.Arrays;

/** The values of a shard's tables, to bytes and back. */
public final class Records {
  private Records() {}

  public static byte[] session(SessionHeader header) {
    SessionRecord.Builder record =
        SessionRecord.newBuilder()
            .setClientId(header.clientId())
            .setEpoch(header.epoch())
            .setAttached(header.attached())
            .setGateway(header.gateway())
            .setConnection(header.connection())
            .setPresent(header.present())
            .setExpirySeconds((int) header.expirySeconds())
            .setReceiveMaximum(header.receiveMaximum())
            .setSentThrough(header.sentThrough())
            .setDetachedAtMillis(header.detachedAtMillis())
            .setWillDueAtMillis(header.willDueAtMillis());
    Will will = header.will();
    if (will != null) {
      record.setWill(toWire(will));
    }
    return record.build().toByteArray();
  }

  private static io.vmqtt.proto.session.v1.Will toWire(Will will) {
    io.vmqtt.proto.session.v1.Will.Builder wire =
        io.vmqtt.proto.session.v1.Will.newBuilder()
            .setMessage(WireContent.message(will.publication()))
            .setDelaySeconds((int) will.delaySeconds())
            .setExpirySeconds((int) will.expirySeconds());
    if (will.owner() != null) {
      wire.setOwner(WillOwners.toWire(will.owner()));
    }
    return wire.build();
  }

  public static SessionRecord session(byte[] bytes) throws IOException {
    return SessionRecord.parseFrom(UnsafeByteOperations.unsafeWrap(bytes));
  }

  /** The header in the record of a session that has not ended. */
  public static SessionHeader session(long number, SessionRecord record) {
    return new SessionHeader(
        number,
        record.getClientId(),
        record.getEpoch(),
        record.getAttached(),
        record.getGateway(),
        record.getConnection(),
        record.getPresent(),
        Integer.toUnsignedLong(record.getExpirySeconds()),
        record.getReceiveMaximum(),
        record.hasWill() ? Commands.will(record.getWill()) : null,
        record.getSentThrough(),
        record.getDetachedAtMillis(),
        record.getWillDueAtMillis());
  }

  /** That a session has ended; deliveries up to a sequence may have been sent. */
  public static byte[] ended(long begunThrough) {
    return SessionRecord.newBuilder()
        .setEnded(true)
        .setSentThrough(begunThrough)
        .build()
        .toByteArray();
  }

  public static ShareChoice share(RouteKey share) {
    return ShareChoice.newBuilder().setGroup(share.group()).setFilter(share.filter()).build();
  }

  public static RouteKey share(ShareChoice share) {
    return new RouteKey(share.getFilter(), share.getGroup());
  }

  public static byte[] subscription(SubscriptionTerms terms) {
    return toWire(terms).toByteArray();
  }

  static Subscription toWire(SubscriptionTerms terms) {
    return Subscription.newBuilder()
        .setFilter(terms.filter().text())
        .setMaximumQos(terms.maximumQos().value())
        .setNoLocal(terms.noLocal())
        .setRetainAsPublished(terms.retainAsPublished())
        .setIdentifier(terms.identifier())
        .build();
  }

  public static SubscriptionTerms subscription(byte[] bytes) throws IOException {
    return Commands.stored(Subscription.parseFrom(UnsafeByteOperations.unsafeWrap(bytes)));
  }

  public static byte[] queued(Change.Queued entry) {
    QueueRecord.Builder record =
        QueueRecord.newBuilder()
            .setQos(entry.delivery().qos().value())
            .setRetain(entry.delivery().retain())
            .addAllIdentifiers(entry.delivery().identifiers())
            .setBytes(entry.publication().bytes());
    RouteKey share = entry.share();
    if (share != null) {
      record.setShare(share(share));
    }
    if (entry.body() == 0) {
      record.setMessage(WireContent.message(entry.publication()));
    } else {
      record.setBody(entry.body());
    }
    return record.build().toByteArray();
  }

  public static QueueRecord queued(byte[] bytes) throws IOException {
    return QueueRecord.parseFrom(UnsafeByteOperations.unsafeWrap(bytes));
  }

  /** The record of an entry with the packet id that it was allotted. */
  public static byte[] allotted(byte[] queued, int packetId) {
    // Records that follow one another read as one.
    byte[] field = QueueRecord.newBuilder().setPacketId(packetId).build().toByteArray();
    byte[] record = Arrays.copyOf(queued, queued.length + field.length);
    System.arraycopy(field, 0, record, queued.length, field.length);
    return record;
  }

  /**
   * An entry whose message the client has.
   *
   * @param packetId what it was allotted; 0: nothing
   */
  public static byte[] received(int packetId) {
    return QueueRecord.newBuilder()
        .setQos(2)
        .setReceived(true)
        .setPacketId(packetId)
        .build()
        .toByteArray();
  }

  public static byte[] pending(PendingPublish publish) {
    WillRecord.Builder record =
        WillRecord.newBuilder()
            .setMessage(WireContent.message(publish.publication()))
            .setExpiresAtMillis(publish.expiresAtMillis());
    RouteKey share = publish.share();
    if (share != null) {
      record.setShare(share(share));
    }
    if (publish.owner() != null) {
      record.setOwner(WillOwners.toWire(publish.owner()));
    }
    return record.build().toByteArray();
  }

  public static PendingPublish pending(long number, byte[] bytes) throws IOException {
    WillRecord record = WillRecord.parseFrom(UnsafeByteOperations.unsafeWrap(bytes));
    return new PendingPublish(
        number,
        WireContent.publication(record.getMessage()),
        record.getExpiresAtMillis(),
        record.hasShare() ? share(record.getShare()) : null,
        record.hasOwner() ? WillOwners.fromWire(record.getOwner()) : null);
  }
}
