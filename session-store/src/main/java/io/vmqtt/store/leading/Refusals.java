package io.vmqtt.store.leading;

import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.store.wire.Frames;

/** What a shard answers where it cannot do what it was asked. */
public final class Refusals {
  private Refusals() {}

  /** To a request that was not taken; one that wants no answer gets none. */
  public static void request(RouterPort port, ShardRequest request, Failure.Reason reason) {
    if (request.getCorrelation() != 0) {
      port.reply(
          Frames.refusal(
              request.getCorrelation(),
              reason,
              request.getRequestCase() + " for shard " + request.getShard()));
    }
  }

  /** To a command that did not get into the log; routers send publishes to the next leader. */
  public static void pending(Pending pending, Failure.Reason reason) {
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
