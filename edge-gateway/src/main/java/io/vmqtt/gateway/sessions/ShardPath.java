package io.vmqtt.gateway.sessions;

import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import java.util.function.Consumer;

/**
 * The way of one session to shards. A question goes out again until it is answered, on another way
 * if need be.
 */
public interface ShardPath {

  /** Asks the shard of the session, on the way that its deliveries come. */
  void ask(ShardRequest.Builder request, Consumer<ShardReply> callback);

  /** Asks any shard, on the way that is the best by now. */
  void askAnew(int shard, ShardRequest.Builder request, Consumer<ShardReply> callback);

  /** The session is over: nothing comes for it any more. */
  void end();
}
