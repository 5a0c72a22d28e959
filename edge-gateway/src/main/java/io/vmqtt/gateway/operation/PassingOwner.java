package io.vmqtt.gateway.operation;

import io.vmqtt.cluster.operation.SessionEnd;
import io.vmqtt.gateway.connection.ClientOutput;
import io.vmqtt.gateway.connection.Cluster;
import io.vmqtt.gateway.connection.DurableDelivery;
import io.vmqtt.gateway.connection.Session;
import io.vmqtt.gateway.connection.SharedMessage;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.ReasonCode;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Owns a session for a moment, to end it, as a client does that connects with Clean Start and
 * leaves. So it ends by the same entries of the log, and whoever had it hears of it.
 */
final class PassingOwner implements Cluster.AttachCallback {
  private final CompletableFuture<SessionEnd> end = new CompletableFuture<>();

  /** When the session is gone, or it is known why not. */
  CompletableFuture<SessionEnd> end() {
    return end;
  }

  private void over(ReasonCode reason) {
    end.complete(new SessionEnd(reason.value()));
  }

  @Override
  public void attached(Session session, boolean sessionPresent, @Nullable Long expirySeconds) {
    session.detach(true, 0L, 0);
    over(ReasonCode.SUCCESS);
  }

  @Override
  public void unavailable() {
    over(ReasonCode.SERVER_UNAVAILABLE);
  }

  @Override
  public void refused(ReasonCode reason) {
    over(reason);
  }

  /** Somebody has come in between, and has a session of his own. */
  @Override
  public void lost(ReasonCode reason) {
    over(reason);
  }

  @Override
  public boolean hasRoom() {
    return false;
  }

  @Override
  public Delivered deliver(
      ClientOutput.Outgoing message, Delivery delivery, @Nullable SharedMessage shared) {
    return Delivered.DROPPED;
  }

  @Override
  public boolean takesMore() {
    return false;
  }

  @Override
  public void deliver(DurableDelivery delivery) {}

  @Override
  public long deliveredThrough() {
    return 0;
  }

  @Override
  public boolean deliverRetained(ClientOutput.Outgoing message, Delivery delivery) {
    return false;
  }
}
