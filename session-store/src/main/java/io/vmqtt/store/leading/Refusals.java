package io.vmqtt.store.shard;

import io.vmqtt.model.ReasonCode;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.store.v1.ShardPublish;
import io.vmqtt.store.wire.Frames;
import org.jspecify.annotations.Nullable;

/** What a shard answers where it cannot do what it was asked. */
final class Refusals {
  private Refusals() {}

  /** Why a publish is not taken, if it is not. */
  static @Nullable ReasonCode reason(ShardPublish publish, ShardOptions options) {
    Message message = publish.getMessage();
    if (message.getPayload().size() > options.maxCommandBytes()) {
      return ReasonCode.PACKET_TOO_LARGE;
    }
    boolean isStored = message.getQos() > 0 || message.getRetain();
    return isStored && options.diskIsFull().getAsBoolean() ? ReasonCode.QUOTA_EXCEEDED : null;
  }

  /** To a request that was not taken; one that wants no answer gets none. */
  static void request(RouterPort port, ShardRequest request, Failure.Reason reason) {
    if (request.getCorrelation() != 0) {
      port.reply(
          Frames.refusal(
              request.getCorrelation(),
              reason,
              request.getRequestCase() + " for shard " + request.getShard()));
    }
  }

  /** To a command that did not get into the log; routers send publishes to the next leader. */
  static void pending(Pending pending, Failure.Reason reason) {
    switch (pending.origin()) {
      case Pending.Request request -> lost(request.port(), request.correlation(), reason);
      case Pending.Enqueue enqueue -> lost(enqueue.port(), enqueue.correlation(), reason);
      case Pending.Read read -> request(read.port(), read.request(), reason);
      case Pending.Publish publish -> {
        // its router sends it again
      }
      case null -> {
        // nobody asked
      }
    }
  }

  private static void lost(RouterPort port, long correlation, Failure.Reason reason) {
    if (correlation != 0) {
      port.reply(Frames.refusal(correlation, reason, "the shard lost its leader"));
    }
  }
}
