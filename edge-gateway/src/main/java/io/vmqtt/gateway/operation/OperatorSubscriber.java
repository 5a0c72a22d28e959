package io.vmqtt.gateway.operation;

import io.vmqtt.cluster.operation.MessageQuery;
import io.vmqtt.gateway.connection.ClientOutput.Outgoing;
import io.vmqtt.gateway.connection.Cluster;
import io.vmqtt.gateway.connection.DurableDelivery;
import io.vmqtt.gateway.connection.Session;
import io.vmqtt.gateway.connection.SharedMessage;
import io.vmqtt.gateway.link.Lane;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.RetainHandling;
import io.vmqtt.model.ScopedName;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.SubscriptionOptions;
import io.vmqtt.model.TopicFilter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Subscribes for an operator, as a client does that connects with Clean Start and ends its session
 * with its connection: nobody's rules, no namespace's quotas; all else as for a client. What it
 * hears waits in {@link HeardMessages}, which never makes anybody else wait. On the thread of its
 * lane, but for what says that it is not.
 */
final class OperatorSubscriber implements Cluster.AttachCallback {
  private final Lane lane;
  private final String clientId;
  private final MessageQuery query;
  private final HeardMessages heard;
  private final CompletableFuture<ReasonCode> inForce = new CompletableFuture<>();

  /** Whether retained messages have found no room; from any thread. */
  private final AtomicBoolean wantsRoom = new AtomicBoolean();

  private @Nullable Session session;
  private boolean over;

  /**
   * One that has not begun.
   *
   * @param clientId nobody else's, and nobody can guess it
   */
  OperatorSubscriber(Lane lane, String clientId, MessageQuery query, HeardMessages heard) {
    this.lane = lane;
    this.clientId = clientId;
    this.query = query;
    this.heard = heard;
  }

  /** Subscribes. From any thread. */
  void begin() {
    lane.execute(
        () -> {
          if (over) {
            return;
          }
          if (lane.isAvailable()) {
            // The window is nobody's: nothing of it is acknowledged.
            lane.attach(new Cluster.AttachRequest(clientId, true, 0, 1, null, null), this);
          } else {
            unavailable();
          }
        });
  }

  /** Success when each router knows of it, or why it comes to nothing. From any thread. */
  CompletionStage<ReasonCode> inForce() {
    return inForce;
  }

  /** Ends it. From any thread. */
  void end() {
    heard.close();
    lane.execute(() -> over(ReasonCode.UNSPECIFIED_ERROR));
  }

  /** Something of what waited was taken. From any thread. */
  void taken() {
    if (wantsRoom.get() && heard.hasRoom() && wantsRoom.compareAndSet(true, false)) {
      lane.execute(
          () -> {
            Session mine = session;
            if (mine != null && !over) {
              mine.roomForMore();
            }
          });
    }
  }

  private void over(ReasonCode reason) {
    over = true;
    heard.close();
    inForce.complete(reason);
    Session mine = session;
    session = null;
    if (mine != null) {
      mine.detach(true, 0L, 0);
    }
  }

  @Override
  public void attached(Session attached, boolean sessionPresent, @Nullable Long expirySeconds) {
    if (over) {
      attached.detach(true, 0L, 0);
      return;
    }
    session = attached;
    List<Subscription> wanted = query.filters().stream().map(this::subscription).toList();
    attached.subscribe(
        wanted,
        wanted.size(),
        outcomes -> {
          if (over) {
            return;
          }
          inForce.complete(ReasonCode.SUCCESS);
          if (query.retained()) {
            attached.sendRetained(wanted);
          }
        });
  }

  private Subscription subscription(String filter) {
    return new Subscription(
        ScopedName.of(Namespace.of(query.namespace()), TopicFilter.parse(filter)),
        new SubscriptionOptions(Qos.of(query.qos()), false, true, RetainHandling.SEND),
        0);
  }

  @Override
  public void unavailable() {
    over(ReasonCode.SERVER_UNAVAILABLE);
  }

  @Override
  public void refused(ReasonCode reason) {
    over(reason);
  }

  /** Messages may have passed it by, or the cluster wants it gone: whoever reads has to know. */
  @Override
  public void lost(ReasonCode reason) {
    over(reason);
  }

  @Override
  public boolean hasRoom() {
    boolean room = heard.hasRoom();
    if (!room) {
      wantsRoom.set(true);
    }
    return room;
  }

  @Override
  public Delivered deliver(Outgoing message, Delivery delivery, @Nullable SharedMessage shared) {
    if (over || message.isExpired()) {
      return Delivered.DROPPED;
    }
    heard.add(message, delivery);
    return Delivered.GIVEN;
  }

  @Override
  public boolean takesMore() {
    return false; // it is in no share group
  }

  @Override
  public void deliver(DurableDelivery delivery) {
    throw new IllegalStateException("its session is none of a shard's");
  }

  @Override
  public long deliveredThrough() {
    return 0;
  }

  @Override
  public boolean deliverRetained(Outgoing message, Delivery delivery) {
    boolean taken = hasRoom();
    if (taken && !message.isExpired()) {
      heard.add(message, delivery);
    }
    return taken;
  }
}
