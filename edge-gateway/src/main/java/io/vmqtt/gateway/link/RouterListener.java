package io.vmqtt.gateway.link;

import io.vmqtt.cluster.link.Link;
import io.vmqtt.cluster.link.LinkListener;
import io.vmqtt.cluster.metrics.Latency;
import io.vmqtt.cluster.wire.Messages;
import io.vmqtt.gateway.local.LocalSubscriptions;
import io.vmqtt.gateway.local.Recipient;
import io.vmqtt.model.Message;
import io.vmqtt.model.Qos;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.proto.message.v1.PublishResults;
import io.vmqtt.proto.message.v1.ShareChoice;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.session.v1.Delivery;
import io.vmqtt.proto.session.v1.DeliveryTarget;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what one router sends, matches publishes with the subscriptions of transient sessions, and
 * hands every lane its part. Called by one thread of the link at a time.
 */
final class RouterListener implements LinkListener<GatewayFrame, RouterFrame> {
  private static final Logger log = LoggerFactory.getLogger(RouterListener.class);

  private final Gateway gateway;
  private final List<Lane> lanes;
  private final Receipts receipts;
  private volatile @Nullable RouterPeer router;

  RouterListener(Gateway gateway) {
    this.gateway = gateway;
    this.lanes = gateway.lanes();
    this.receipts = gateway.newReceipts();
  }

  @Override
  public void up(Link<GatewayFrame> link) {
    RouterPeer opened = new RouterPeer(link, lanes.size());
    router = opened;
    gateway.routerUp(opened);
  }

  @Override
  public void writable(Link<GatewayFrame> link) {
    gateway.relieveLanes();
  }

  @Override
  public void down(Link<GatewayFrame> link) {
    RouterPeer lost = router;
    if (lost != null) {
      gateway.routerDown(lost);
    }
  }

  @Override
  public void receive(Link<GatewayFrame> link, List<RouterFrame> frames, Runnable processed) {
    RouterPeer from = router;
    if (from == null) {
      return;
    }
    Parts parts = new Parts();
    List<RouterFrame> ofRouter = new ArrayList<>(0);
    long receivedThrough = 0;
    long measuredAtMicros = 0;
    LocalSubscriptions subscriptions = gateway.localSubscriptions();
    subscriptions.readLock().lock();
    try {
      for (int i = 0; i < frames.size(); i++) {
        RouterFrame frame = frames.get(i);
        switch (frame.getFrameCase()) {
          case PUBLISH -> {
            match(from, subscriptions, frame.getPublish(), parts);
            receivedThrough = Math.max(receivedThrough, frame.getPublish().getSequence());
            measuredAtMicros =
                Math.max(measuredAtMicros, frame.getPublish().getMessage().getMeasuredAtMicros());
          }
          case RESULTS -> parts.add(frame.getResults());
          case REPLY ->
              parts.of(Numbers.laneOf(frame.getReply().getCorrelation())).add(frame.getReply());
          case DELIVERY -> push(frame.getDelivery(), parts);
          case DISCONNECT ->
              parts
                  .of(Numbers.laneOf(frame.getDisconnect().getConnection()))
                  .add(frame.getDisconnect());
          case STATE, ROUTES_APPLIED -> ofRouter.add(frame);
          case SHARD_ONLINE -> parts.online(from, frame.getShardOnline().getShard());
          case FRAME_NOT_SET -> log.warn("router {} sent a frame unknown here", from.nodeId);
        }
      }
    } finally {
      subscriptions.readLock().unlock();
    }
    ofRouter.forEach(frame -> heard(from, frame)); // takes locks that others hold who want this one
    parts.handOver(measuredAtMicros == 0 ? processed : measured(measuredAtMicros, processed));
    if (receivedThrough > 0) {
      receipts.received(link, receivedThrough);
    }
  }

  /** The clients have what was published then; of several messages, the newest. */
  private Runnable measured(long sinceMicros, Runnable processed) {
    return () -> {
      processed.run();
      gateway.metrics().delivery.record((Latency.wallMicros() - sinceMicros) * 1_000);
    };
  }

  private void heard(RouterPeer from, RouterFrame frame) {
    if (frame.hasState()) {
      gateway.routerState(from, frame.getState());
    } else {
      gateway.announcer().applied(from.nodeId, frame.getRoutesApplied());
    }
  }

  private void match(
      RouterPeer from, LocalSubscriptions subscriptions, Publish publish, Parts parts) {
    if (publish.hasKey() && !gateway.recentKeys().isNew(publish.getKey())) {
      gateway.metrics().duplicates.increment();
      if (publish.getSharesCount() > 0) {
        parts.of(0).addDone(new InHand(from, publish.getSequence(), 1));
      }
      return;
    }
    Message message = Messages.fromWire(publish.getMessage());
    List<TopicFilter> shares = List.of();
    InHand inHand = null;
    if (publish.getSharesCount() > 0) {
      shares = new ArrayList<>(publish.getSharesCount());
      for (ShareChoice share : publish.getSharesList()) {
        shares.add(new TopicFilter(share.getFilter(), share.getGroup()));
      }
      if (message.qos() == Qos.AT_LEAST_ONCE) {
        inHand = new InHand(from, publish.getSequence(), shares.size());
      }
    }
    if (publish.getLeft()) {
      handedBack(subscriptions, message, shares, inHand, parts);
      return;
    }
    InHand of = inHand;
    List<TopicFilter> memberless =
        subscriptions.match(
            message,
            shares,
            recipient -> parts.of(recipient.subscriber().lane()).add(message, recipient, of));
    for (TopicFilter share : memberless) {
      left(message, share, inHand, parts);
    }
  }

  /** Its last member has gone since the message left the router: there may be others elsewhere. */
  private void left(Message message, TopicFilter share, @Nullable InHand inHand, Parts parts) {
    if (message.qos() != Qos.AT_MOST_ONCE) {
      parts
          .of(Math.floorMod(message.topic().hashCode(), lanes.size()))
          .addLeft(message, share, inHand);
    }
  }

  private void handedBack(
      LocalSubscriptions subscriptions,
      Message message,
      List<TopicFilter> shares,
      @Nullable InHand inHand,
      Parts parts) {
    for (TopicFilter share : shares) {
      Recipient recipient = subscriptions.another(message, share);
      if (recipient == null) {
        gateway.metrics().leftDropped.increment();
        if (inHand != null) {
          parts.of(0).addDone(inHand);
        }
      } else {
        parts.of(recipient.subscriber().lane()).addHandedBack(message, recipient, inHand);
      }
    }
  }

  private static void push(Delivery delivery, Parts parts) {
    Message message = delivery.hasMessage() ? Messages.fromWire(delivery.getMessage()) : null;
    List<DeliveryTarget> targets = delivery.getTargetsList();
    for (int i = 0; i < targets.size(); i++) {
      DeliveryTarget target = targets.get(i);
      parts.of(Numbers.laneOf(target.getConnection())).add(message, target);
    }
  }

  /** The parts of one batch. */
  private final class Parts {
    private final @Nullable LaneBatch[] parts = new LaneBatch[lanes.size()];

    LaneBatch of(int lane) {
      LaneBatch part = parts[lane];
      if (part == null) {
        part = new LaneBatch();
        parts[lane] = part;
      }
      return part;
    }

    /** To those lanes alone that have published something of it: the others need not wake. */
    void add(PublishResults results) {
      BitSet concerned = new BitSet(parts.length);
      for (int i = 0; i < results.getSucceededCount(); i++) {
        concerned.set(Numbers.laneOf(results.getSucceeded(i)));
      }
      for (int i = 0; i < results.getUnmatchedCount(); i++) {
        concerned.set(Numbers.laneOf(results.getUnmatched(i)));
      }
      for (int i = 0; i < results.getRefusedCount(); i++) {
        concerned.set(Numbers.laneOf(results.getRefused(i).getSequence()));
      }
      for (int i = 0; i < parts.length; i++) {
        if (concerned.get(i)) {
          of(i).add(results);
        }
      }
    }

    void online(RouterPeer from, int shard) {
      for (int i = 0; i < parts.length; i++) {
        of(i).addOnline(from, shard);
      }
    }

    /** Runs {@code processed} when every lane has carried out its part. */
    void handOver(Runnable processed) {
      int count = 0;
      for (LaneBatch part : parts) {
        count += part == null ? 0 : 1;
      }
      if (count == 0) {
        processed.run();
        return;
      }
      AtomicInteger left = new AtomicInteger(count);
      for (int i = 0; i < parts.length; i++) {
        LaneBatch part = parts[i];
        if (part != null) {
          Lane lane = lanes.get(i);
          lane.execute(
              () -> {
                part.run(lane);
                if (left.decrementAndGet() == 0) {
                  processed.run();
                }
              });
        }
      }
    }
  }
}
