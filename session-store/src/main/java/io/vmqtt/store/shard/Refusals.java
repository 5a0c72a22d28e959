package io.vmqtt.store.shard;

import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.store.wire.Frames;

/** What a shard answers where it cannot do what it was asked. */
final class Refusals {
  private Refusals() {}

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
    if (pending.origin() instanceof Pending.Request request && request.correlation() != 0) {
      request
          .port()
          .reply(Frames.refusal(request.correlation(), reason, "the shard lost its leader"));
    }
  }
}
