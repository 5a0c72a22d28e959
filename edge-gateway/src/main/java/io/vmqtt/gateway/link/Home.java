package io.vmqtt.gateway.link;

import io.vmqtt.gateway.sessions.Attachment;
import io.vmqtt.gateway.sessions.LaneSession;
import io.vmqtt.gateway.sessions.ShardPath;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.session.v1.ShardRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session, and the router that carries its requests and deliveries: another when that one is
 * lost. Confined to the lane's thread.
 */
final class Home implements ShardPath {
  private final Lane lane;
  private final Attachment attachment;
  private @Nullable LaneSession session;

  /** Null while there is none. */
  @Nullable RouterPeer router;

  Home(Lane lane, Attachment attachment, @Nullable RouterPeer router) {
    this.lane = lane;
    this.attachment = attachment;
    this.router = router;
  }

  Attachment attachment() {
    return attachment;
  }

  void give(LaneSession its) {
    session = its;
  }

  LaneSession session() {
    if (session == null) {
      throw new IllegalStateException("nobody lives here yet");
    }
    return session;
  }

  @Override
  public void ask(ShardRequest.Builder request, Consumer<ShardReply> callback) {
    lane.request(router, attachment.clientId(), request.setShard(attachment.shard()), callback);
  }

  @Override
  public void askAnew(int shard, ShardRequest.Builder request, Consumer<ShardReply> callback) {
    String key = attachment.clientId();
    lane.request(lane.routerOf(key), key, request.setShard(shard), callback);
  }

  @Override
  public void end() {
    lane.forget(this);
  }
}
