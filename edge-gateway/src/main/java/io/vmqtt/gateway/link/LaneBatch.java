package io.vmqtt.gateway.link;

import io.vmqtt.gateway.connection.ClientOutput.Outgoing;
import io.vmqtt.gateway.connection.DurableDelivery;
import io.vmqtt.gateway.local.Recipient;
import io.vmqtt.gateway.sessions.LaneSession;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Message;
import io.vmqtt.model.Qos;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.proto.message.v1.PublishResults;
import io.vmqtt.proto.session.v1.DeliveryTarget;
import io.vmqtt.proto.session.v1.Disconnect;
import io.vmqtt.proto.session.v1.ShardReply;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one batch of a router means for one lane: gathered on the link's thread, carried out on the
 * lane's. A message that goes to many connections of a lane is encoded once.
 */
final class LaneBatch {
  private static final Logger log = LoggerFactory.getLogger(LaneBatch.class);

  /** One thing to do. */
  private sealed interface Item {}

  private record Results(PublishResults results) implements Item {}

  private record Reply(ShardReply reply) implements Item {}

  private record Close(Disconnect order) implements Item {}

  private record Online(RouterPeer router, int shard) implements Item {}

  /** The recipients follow in place. */
  private record Local(Message message, List<Recipient> recipients, @Nullable InHand inHand)
      implements Item {}

  private record Left(Message message, TopicFilter share, @Nullable InHand inHand)
      implements Item {}

  private record HandedBack(Message message, Recipient recipient, @Nullable InHand inHand)
      implements Item {}

  private record Done(InHand inHand) implements Item {}

  private record Pushed(@Nullable Message message, List<DeliveryTarget> targets) implements Item {}

  private final List<Item> items = new ArrayList<>();
  private @Nullable Local lastLocal;
  private @Nullable Pushed lastPushed;

  void add(PublishResults results) {
    items.add(new Results(results));
  }

  void add(ShardReply reply) {
    items.add(new Reply(reply));
  }

  void add(Disconnect order) {
    items.add(new Close(order));
  }

  void addOnline(RouterPeer router, int shard) {
    items.add(new Online(router, shard));
  }

  /** A message for a share group that has no member here any more. */
  void addLeft(Message message, TopicFilter share, @Nullable InHand inHand) {
    items.add(new Left(message, share, inHand));
  }

  void addHandedBack(Message message, Recipient recipient, @Nullable InHand inHand) {
    items.add(new HandedBack(message, recipient, inHand));
  }

  /** A message that a member elsewhere has left, and nobody here can have. */
  void addDone(InHand inHand) {
    items.add(new Done(inHand));
  }

  @SuppressWarnings("ReferenceEquality") // one publish is one object
  void add(Message message, Recipient recipient, @Nullable InHand inHand) {
    Local last = lastLocal;
    if (last == null || last.message != message) {
      last = new Local(message, new ArrayList<>(1), inHand);
      lastLocal = last;
      items.add(last);
    }
    last.recipients.add(recipient);
  }

  @SuppressWarnings("ReferenceEquality") // one push is one object
  void add(@Nullable Message message, DeliveryTarget target) {
    Pushed last = lastPushed;
    if (last == null || last.message != message || message == null) {
      last = new Pushed(message, new ArrayList<>(1));
      lastPushed = last;
      items.add(last);
    }
    last.targets.add(target);
  }

  /** Carries everything out; what fails for one client must not keep the others waiting. */
  void run(Lane lane) {
    for (int i = 0; i < items.size(); i++) {
      try {
        run(lane, items.get(i));
        lane.watchMemory();
      } catch (RuntimeException e) {
        log.error("something that a router sent could not be carried out", e);
      }
    }
  }

  private static void run(Lane lane, Item item) {
    switch (item) {
      case Results(PublishResults results) -> lane.results(results);
      case Reply(ShardReply reply) -> lane.replied(reply);
      case Close(Disconnect order) -> lane.disconnect(order.getConnection(), order.getReasonCode());
      case Online(RouterPeer router, int shard) -> lane.shardOnline(router, shard);
      case Local(Message message, List<Recipient> recipients, InHand inHand) -> {
        if (message.retain()) {
          lane.recentTopics().add(message.topic());
        }
        lane.deliver(message, recipients, inHand);
      }
      case Left(Message message, TopicFilter share, InHand inHand) ->
          lane.handBack(message, share, inHand);
      case HandedBack(Message message, Recipient recipient, InHand inHand) ->
          lane.deliverHandedBack(message, recipient, inHand);
      case Done(InHand inHand) -> lane.done(inHand);
      case Pushed(Message message, List<DeliveryTarget> targets) -> push(lane, message, targets);
    }
  }

  private static void push(Lane lane, @Nullable Message message, List<DeliveryTarget> targets) {
    Outgoing outgoing = message == null ? null : lane.outgoing(message);
    for (DeliveryTarget target : targets) {
      LaneSession session = lane.session(target.getConnection());
      if (session != null) {
        lane.countPush();
        session.pushed(
            message,
            new DurableDelivery(
                outgoing,
                target.getSequence(),
                target.getSequence() - target.getSkipped() - 1,
                target.getPacketId(),
                Delivery.of(
                    Qos.of(target.getQos()),
                    target.getRetain(),
                    target.getSubscriptionIdentifiersList()),
                target.getDup(),
                target.getRelease()));
      }
    }
  }
}
