package io.vmqtt.store.leading;

import io.vmqtt.cluster.link.Link;
import io.vmqtt.cluster.wire.FrameSize;
import io.vmqtt.cluster.wire.Messages;
import io.vmqtt.model.PublishKey;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import io.vmqtt.store.session.RouteKey;
import io.vmqtt.store.wire.Records;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A link to a router as all shards of the process share it. The lock makes the numbers of publishes
 * leave in their order; it is held for no more than handing one frame over.
 */
public final class RouterLink {
  private final Link<StoreToRouterFrame> link;
  private final Object lock = new Object();
  private final Map<Long, Ticket> unanswered = new HashMap<>();

  /** Under which number a ticket was sent last: a router that is not ready never answers. */
  private final Map<Ticket, Long> latest = new HashMap<>();

  private long lastSequence;

  /**
   * What was sent for a shard.
   *
   * @param shard whose it is
   */
  public record Ticket(int shard, OwnPublish.Name name) {}

  public RouterLink(Link<StoreToRouterFrame> link) {
    this.link = link;
  }

  public Link<StoreToRouterFrame> link() {
    return link;
  }

  /**
   * Publishes for a shard; at QoS 0 there will be no answer.
   *
   * @param share the group that alone is to have it; null: all subscribers
   * @param again whether some may have it already
   */
  void publish(
      Ticket ticket,
      Message message,
      @Nullable PublishKey key,
      @Nullable RouteKey share,
      boolean again) {
    synchronized (lock) {
      long sequence = 0;
      if (message.getQos() > 0) {
        sequence = ++lastSequence;
        unanswered.put(sequence, ticket);
        Long before = latest.put(ticket, sequence);
        if (before != null) {
          unanswered.remove(before);
        }
      }
      Publish.Builder publish =
          Publish.newBuilder().setSequence(sequence).setMessage(message).setAgain(again);
      if (share != null) {
        publish.setLeft(true).addShares(Records.share(share));
      }
      if (key != null) {
        publish.setKey(Messages.toWire(key));
      }
      link.send(StoreToRouterFrame.newBuilder().setPublish(publish).build(), FrameSize.of(message));
    }
  }

  /** What was sent under that number; answered now. */
  public @Nullable Ticket answered(long sequence) {
    synchronized (lock) {
      Ticket ticket = unanswered.remove(sequence);
      if (ticket != null) {
        latest.remove(ticket);
      }
      return ticket;
    }
  }
}
