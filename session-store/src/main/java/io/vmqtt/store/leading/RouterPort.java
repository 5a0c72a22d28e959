package io.vmqtt.store.leading;

import io.vmqtt.cluster.link.GatheredFrames;
import io.vmqtt.cluster.link.Link;
import io.vmqtt.cluster.wire.FrameSize;
import io.vmqtt.proto.message.v1.PublishRefusal;
import io.vmqtt.proto.routing.v1.RouteUpdate;
import io.vmqtt.proto.session.v1.Disconnect;
import io.vmqtt.proto.session.v1.ShardReply;
import io.vmqtt.proto.store.v1.PublishesCommitted;
import io.vmqtt.proto.store.v1.ShardRoom;
import io.vmqtt.proto.store.v1.ShardRoutes;
import io.vmqtt.proto.store.v1.ShardState;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import io.vmqtt.store.delivery.Outlet;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.wire.Frames;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One shard's end of the link to one router. Frames gather while the shard handles an entry or a
 * batch, and leave together. Used on the shard's thread.
 */
public final class RouterPort implements Outlet {
  private static final int GATHERED_BYTES = 256 << 10;

  private final int shard;
  private final RouterLink link;
  private final GatheredFrames<StoreToRouterFrame> gathered = new GatheredFrames<>(GATHERED_BYTES);
  private List<PublishRefusal> refused = new ArrayList<>();
  private final List<Long> settled = new ArrayList<>();
  private long committedThrough;
  private long followed;

  public RouterPort(int shard, RouterLink link) {
    this.shard = shard;
    this.link = link;
  }

  Link<StoreToRouterFrame> link() {
    return link.link();
  }

  RouterLink routerLink() {
    return link;
  }

  public String nodeId() {
    return link.link().peer().nodeId();
  }

  /** Number of the router's process. */
  long process() {
    return link.link().peer().process();
  }

  @Override
  public boolean congested() {
    return link.link().congested();
  }

  @Override
  public void push(long gateway, @Nullable Publication publication, List<Target> targets) {
    add(
        StoreToRouterFrame.newBuilder()
            .setDelivery(Frames.delivery(gateway, publication, targets))
            .build(),
        Frames.deliveryBytes(publication, targets.size()));
  }

  void reply(ShardReply reply, int replyBytes) {
    add(StoreToRouterFrame.newBuilder().setReply(reply).build(), replyBytes);
  }

  public void reply(ShardReply reply) {
    reply(reply, FrameSize.SMALL_BYTES);
  }

  /** A publish is committed; told with the next {@link #flush}. */
  void committed(long sequence) {
    committedThrough = Math.max(committedThrough, sequence);
  }

  /**
   * A publish that has come again had reached its subscribers; told with the next {@link #flush}.
   */
  void settled(long sequence) {
    committed(sequence);
    settled.add(sequence);
  }

  /** A publish was not taken; told with the next {@link #flush}. */
  void refused(long sequence, int reasonCode) {
    committed(sequence);
    refused.add(
        PublishRefusal.newBuilder().setSequence(sequence).setReasonCode(reasonCode).build());
  }

  /**
   * Says whether this replica leads.
   *
   * @param leadership the shard's number of it
   */
  public void state(boolean leader, long term, long leadership) {
    add(
        StoreToRouterFrame.newBuilder()
            .setState(
                ShardState.newBuilder()
                    .setShard(shard)
                    .setLeader(leader)
                    .setTerm(term)
                    .setLeadership(leadership))
            .build(),
        FrameSize.SMALL_BYTES);
  }

  /** Says whether the shard has room for messages that are stored. */
  void room(boolean enough) {
    add(
        StoreToRouterFrame.newBuilder()
            .setRoom(ShardRoom.newBuilder().setShard(shard).setEnough(enough))
            .build(),
        FrameSize.SMALL_BYTES);
  }

  /** The router sends for that leadership from here on. */
  public void follows(long leadership) {
    followed = leadership;
  }

  /** Whether what comes now was meant for that leadership. */
  public boolean isFollowing(long leadership) {
    return followed == leadership;
  }

  void routes(RouteUpdate update) {
    add(
        StoreToRouterFrame.newBuilder()
            .setRoutes(ShardRoutes.newBuilder().setShard(shard).setUpdate(update))
            .build(),
        update.getSerializedSize());
  }

  void disconnect(long gateway, long connection, int reasonCode) {
    add(
        StoreToRouterFrame.newBuilder()
            .setDisconnect(
                Disconnect.newBuilder()
                    .setGateway(gateway)
                    .setConnection(connection)
                    .setReasonCode(reasonCode))
            .build(),
        FrameSize.SMALL_BYTES);
  }

  /** Sends what has gathered. */
  public void flush() {
    if (committedThrough > 0) {
      PublishesCommitted.Builder committed =
          PublishesCommitted.newBuilder().setShard(shard).setThrough(committedThrough);
      if (!refused.isEmpty()) {
        committed.addAllRefused(refused);
        refused = new ArrayList<>();
      }
      if (!settled.isEmpty()) {
        committed.addAllSettled(settled);
        settled.clear();
      }
      committedThrough = 0;
      add(StoreToRouterFrame.newBuilder().setCommitted(committed).build(), FrameSize.SMALL_BYTES);
    }
    gathered.sendTo(link());
  }

  private void add(StoreToRouterFrame frame, int frameBytes) {
    gathered.add(frame, frameBytes, link());
  }
}
