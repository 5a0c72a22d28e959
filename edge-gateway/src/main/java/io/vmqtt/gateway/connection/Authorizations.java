package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Permission;
import io.vmqtt.model.Message;
import io.vmqtt.model.Subscription;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** Asks access control in the name of one client; that it fails is an answer like others. */
final class Authorizations {
  private final Access access;
  private final Identity who;
  private final Cluster cluster;

  Authorizations(Access access, Identity who, Cluster cluster) {
    this.access = access;
    this.who = who;
    this.cluster = cluster;
  }

  /** In whose name. */
  Identity who() {
    return who;
  }

  CompletableFuture<Permission> will(Message will) {
    try {
      return access.authorizeWill(who, will);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  CompletableFuture<Permission> publish(Message message) {
    try {
      return access.authorizePublish(who, message);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  CompletableFuture<Permission> subscribe(Subscription wanted) {
    try {
      return access.authorizeSubscribe(who, wanted);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** What an answer says, now that it is awaited no longer. */
  Permission permission(CompletableFuture<Permission> answer) {
    if (answer.state() == Future.State.SUCCESS) {
      return answer.resultNow();
    }
    cluster.accessFailed(answer);
    return Permission.UNKNOWN;
  }
}
