package io.vmqtt.store.wire;

import io.vmqtt.model.Namespace;
import io.vmqtt.proto.storage.v1.AllotPacketId;
import io.vmqtt.proto.storage.v1.ClearQueue;
import io.vmqtt.proto.storage.v1.Deliver;
import io.vmqtt.proto.storage.v1.Due;
import io.vmqtt.proto.storage.v1.Entry;
import io.vmqtt.proto.storage.v1.Expire;
import io.vmqtt.proto.storage.v1.GatewayGone;
import io.vmqtt.proto.storage.v1.HandOn;
import io.vmqtt.proto.storage.v1.LeftSettled;
import io.vmqtt.proto.storage.v1.LimitExpiry;
import io.vmqtt.proto.storage.v1.LoggedCommand;
import io.vmqtt.proto.storage.v1.Pass;
import io.vmqtt.proto.storage.v1.QueueBounds;
import io.vmqtt.proto.storage.v1.Refuse;
import io.vmqtt.proto.storage.v1.WillPublished;
import io.vmqtt.store.session.Command;
import io.vmqtt.store.session.QueueLimits;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Commands of a shard's leader itself, for the log. */
public final class LoggedCommands {
  private LoggedCommands() {}

  /**
   * The form for the log.
   *
   * @throws IllegalArgumentException if the command comes from elsewhere: then its sender's form is
   *     the one for the log
   */
  public static LoggedCommand of(Command command) {
    LoggedCommand.Builder logged = LoggedCommand.newBuilder();
    switch (command) {
      case Command.GatewayGone gone ->
          logged.setGatewayGone(GatewayGone.newBuilder().setGateway(gone.gateway()));
      case Command.Due due -> logged.setDue(Due.getDefaultInstance());
      case Command.LeftSettled settled ->
          logged.setLeftSettled(
              LeftSettled.newBuilder()
                  .setSession(settled.session())
                  .addAllSequences(settled.sequences()));
      case Command.HandOn handOn ->
          logged.setHandOn(
              HandOn.newBuilder()
                  .setSession(handOn.session())
                  .setEpoch(handOn.epoch())
                  .setSequence(handOn.sequence())
                  .setMessage(WireContent.message(handOn.publication()))
                  .setShare(Records.share(handOn.share())));
      case Command.PublishTaken published ->
          logged.setWillPublished(WillPublished.newBuilder().setNumber(published.number()));
      case Command.Expire expire ->
          logged.setExpire(
              Expire.newBuilder()
                  .setSession(expire.session())
                  .setEpoch(expire.epoch())
                  .addAllSequences(expire.sequences()));
      case Command.ClearQueue clear ->
          logged.setClearQueue(
              ClearQueue.newBuilder().setSession(clear.session()).setThrough(clear.through()));
      case Command.Deliver deliver ->
          logged.setDeliver(
              Deliver.newBuilder()
                  .setSession(deliver.session())
                  .setMessage(WireContent.message(deliver.publication())));
      case Command.Pass pass -> logged.setPass(Pass.getDefaultInstance());
      case Command.Refuse refuse ->
          logged.setRefuse(Refuse.newBuilder().setReasonCode(refuse.reasonCode()));
      case Command.LimitExpiry limit ->
          logged.setLimitExpiry(
              LimitExpiry.newBuilder()
                  .setSeconds((int) limit.seconds())
                  .addAllSessions(limit.sessions()));
      case Command.AllotPacketId allot ->
          logged.setAllotPacketId(
              AllotPacketId.newBuilder().setSession(allot.session()).setSequence(allot.sequence()));
      case Command.Attach attach -> throw foreign(command);
      case Command.Owned owned -> throw foreign(command);
      case Command.Publish publish -> throw foreign(command);
    }
    return logged.build();
  }

  /** Bounds for a log entry. */
  public static QueueBounds bounds(QueueLimits limits) {
    QueueBounds.Builder bounds =
        QueueBounds.newBuilder()
            .setMaxMessages(limits.maxMessages())
            .setMaxBytes(limits.maxBytes())
            .setRejectNew(
                switch (limits.overflow()) {
                  case REJECT_NEW -> true;
                  case DROP_OLDEST -> false;
                })
            .setKeyRetentionMillis(limits.keyRetentionMillis());
    limits
        .namespaceBytes()
        .forEach((namespace, bytes) -> bounds.putNamespaceBytes(namespace.name(), bytes));
    return bounds.build();
  }

  /** Bounds of a log entry; one of an earlier version has none. */
  public static @Nullable QueueLimits limits(Entry entry) {
    QueueBounds bounds = entry.getBounds();
    Map<Namespace, Long> namespaceBytes = new HashMap<>();
    bounds
        .getNamespaceBytesMap()
        .forEach((name, bytes) -> namespaceBytes.put(Namespace.of(name), bytes));
    return entry.hasBounds()
        ? new QueueLimits(
            bounds.getMaxMessages(),
            bounds.getMaxBytes(),
            bounds.getRejectNew()
                ? QueueLimits.Overflow.REJECT_NEW
                : QueueLimits.Overflow.DROP_OLDEST,
            bounds.getKeyRetentionMillis(),
            namespaceBytes)
        : null;
  }

  private static IllegalArgumentException foreign(Command command) {
    return new IllegalArgumentException("not the leader's own: " + command.getClass());
  }
}
