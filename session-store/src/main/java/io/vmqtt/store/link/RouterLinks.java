package io.vmqtt.store.link;

import io.vmqtt.cluster.link.Link;
import io.vmqtt.cluster.link.LinkListener;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.proto.message.v1.PublishRefusal;
import io.vmqtt.proto.message.v1.PublishResults;
import io.vmqtt.proto.session.v1.Failure;
import io.vmqtt.proto.session.v1.ShardRequest;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import io.vmqtt.store.leading.GatewayWatch;
import io.vmqtt.store.leading.RouterLink;
import io.vmqtt.store.shard.Shard;
import io.vmqtt.store.wire.Frames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All links to routers, and which frames go to which shard. Called on threads of the transport; the
 * lock makes a new link and a new shard hear of each other exactly once, and is never held while
 * frames are handed over.
 */
public final class RouterLinks implements LinkListener<StoreToRouterFrame, RouterToStoreFrame> {
  private final Object lock = new Object();
  private final GatewayWatch gateways;
  private volatile Map<Link<StoreToRouterFrame>, RouterLink> links = Map.of();
  private volatile Map<Integer, Shard> shards = Map.of();

  /** Links that tell which gateways they see. */
  public RouterLinks(GatewayWatch gateways) {
    this.gateways = gateways;
  }

  /** A shard has been opened. */
  public void add(Shard shard) {
    synchronized (lock) {
      Map<Integer, Shard> more = new LinkedHashMap<>(shards);
      more.put(shard.number(), shard);
      shards = Collections.unmodifiableMap(more);
      links.values().forEach(shard::linkUp);
    }
  }

  /** A shard is not here any longer. */
  public void remove(Shard shard) {
    synchronized (lock) {
      Map<Integer, Shard> fewer = new LinkedHashMap<>(shards);
      fewer.remove(shard.number());
      shards = Collections.unmodifiableMap(fewer);
    }
  }

  /** How many routers have a link. */
  public int size() {
    return links.size();
  }

  /** Ends all links. */
  public void close(String reason) {
    List.copyOf(links.keySet()).forEach(link -> link.close(reason));
  }

  @Override
  public void up(Link<StoreToRouterFrame> link) {
    RouterLink routerLink = new RouterLink(link);
    synchronized (lock) {
      Map<Link<StoreToRouterFrame>, RouterLink> more = new LinkedHashMap<>(links);
      more.put(link, routerLink);
      links = Collections.unmodifiableMap(more);
      shards.values().forEach(shard -> shard.linkUp(routerLink));
    }
  }

  @Override
  public void down(Link<StoreToRouterFrame> link) {
    gateways.linkDown(link);
    synchronized (lock) {
      Map<Link<StoreToRouterFrame>, RouterLink> fewer = new LinkedHashMap<>(links);
      RouterLink gone = fewer.remove(link);
      links = Collections.unmodifiableMap(fewer);
      if (gone != null) {
        shards.values().forEach(shard -> shard.linkDown(gone));
      }
    }
  }

  @Override
  public void writable(Link<StoreToRouterFrame> link) {
    RouterLink routerLink = links.get(link);
    if (routerLink != null) {
      shards.values().forEach(shard -> shard.linkWritable(routerLink));
    }
  }

  @Override
  public void receive(
      Link<StoreToRouterFrame> link, List<RouterToStoreFrame> frames, Runnable processed) {
    RouterLink from = links.get(link);
    if (from == null) {
      return;
    }
    int only = onlyShard(frames);
    if (only >= 0) {
      hand(from, only, frames, processed);
      return;
    }
    Map<Integer, List<RouterToStoreFrame>> byShard = new LinkedHashMap<>();
    for (RouterToStoreFrame frame : frames) {
      int shard = shardOf(frame);
      if (frame.hasGateways()) {
        gateways.linked(link, Set.copyOf(frame.getGateways().getProcessesList()));
      } else if (shard < 0) {
        answered(from, frame.getResults());
      } else {
        byShard.computeIfAbsent(shard, number -> new ArrayList<>()).add(frame);
      }
    }
    if (byShard.isEmpty()) {
      processed.run();
      return;
    }
    AtomicInteger left = new AtomicInteger(byShard.size());
    Runnable oneTaken =
        () -> {
          if (left.decrementAndGet() == 0) {
            processed.run();
          }
        };
    byShard.forEach((shard, its) -> hand(from, shard, its, oneTaken));
  }

  private void hand(RouterLink from, int number, List<RouterToStoreFrame> frames, Runnable taken) {
    Shard shard = shards.get(number);
    if (shard != null) {
      shard.receive(from, frames, taken);
      return;
    }
    for (RouterToStoreFrame frame : frames) {
      ShardRequest request = frame.hasRequest() ? frame.getRequest() : null;
      if (request != null && request.getCorrelation() != 0) {
        refuse(from, request);
      }
    }
    taken.run();
  }

  private static void refuse(RouterLink from, ShardRequest request) {
    from.link()
        .send(
            StoreToRouterFrame.newBuilder()
                .setReply(
                    Frames.refusal(
                        request.getCorrelation(),
                        Failure.Reason.REASON_NOT_LEADER,
                        "shard " + request.getShard() + " is not here"))
                .build(),
            Frames.REFUSAL_BYTES);
  }

  private void answered(RouterLink from, PublishResults results) {
    results
        .getSucceededList()
        .forEach(sequence -> answered(from, sequence, ReasonCode.SUCCESS.value()));
    int unmatched = ReasonCode.NO_MATCHING_SUBSCRIBERS.value();
    results.getUnmatchedList().forEach(sequence -> answered(from, sequence, unmatched));
    for (PublishRefusal refusal : results.getRefusedList()) {
      answered(from, refusal.getSequence(), refusal.getReasonCode());
    }
  }

  private void answered(RouterLink from, long sequence, int reasonCode) {
    RouterLink.Ticket ticket = from.answered(sequence);
    Shard shard = ticket == null ? null : shards.get(ticket.shard());
    if (shard != null && ticket != null) {
      shard.publishAnswered(ticket.name(), reasonCode);
    }
  }

  /** The one shard that all frames are for, or -1. */
  private static int onlyShard(List<RouterToStoreFrame> frames) {
    int only = -1;
    for (RouterToStoreFrame frame : frames) {
      int shard = shardOf(frame);
      if (shard < 0 || (only >= 0 && only != shard)) {
        return -1;
      }
      only = shard;
    }
    return only;
  }

  private static int shardOf(RouterToStoreFrame frame) {
    return switch (frame.getFrameCase()) {
      case PUBLISH -> frame.getPublish().getShard();
      case REQUEST -> frame.getRequest().getShard();
      case ROUTES_APPLIED -> frame.getRoutesApplied().getShard();
      case FOLLOWING -> frame.getFollowing().getShard();
      case SETTLED -> frame.getSettled().getShard();
      case RESULTS, GATEWAYS, FRAME_NOT_SET -> -1;
    };
  }
}
