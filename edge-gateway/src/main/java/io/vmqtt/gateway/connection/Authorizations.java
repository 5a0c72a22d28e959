package io.vmqtt.gateway.connection;

import io.vmqtt.cluster.access.WillOwner;
import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.Authorizer;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Permission;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.TopicName;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Asks access control in the name of one client; that it fails is an answer like others. Nobody is
 * asked about topics of the server: no client publishes there.
 */
final class Authorizations {
  private static final ByteBuffer NO_PAYLOAD = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final Access access;
  private Identity who;
  private final Cluster cluster;
  private Authorizer authorizer;
  private int renewals;

  /** As much of the will as matters here; null: there is none that may be. */
  private @Nullable Message will;

  Authorizations(Access access, Identity who, Cluster cluster) {
    this.access = access;
    this.who = who;
    this.cluster = cluster;
    this.authorizer = access.forIdentity(who);
  }

  /** The client has proved again who it is, and may be able to do other things. */
  void prove(Identity again) {
    who = again;
  }

  /** What the client may do has changed. */
  void renew() {
    authorizer = access.forIdentity(who);
    renewals++;
  }

  /** How often that was so. */
  int renewals() {
    return renewals;
  }

  /** What the answers have cost since then: see {@link Authorizer#work}. */
  long work() {
    return authorizer.work();
  }

  /** Whether the client may do everything now. */
  boolean areAll() {
    return authorizer.grantsAll();
  }

  /** In whose name. */
  Identity who() {
    return who;
  }

  CompletableFuture<Permission> will(Message message) {
    if (TopicName.isOfServer(message.topic())) {
      return Permission.DENIED.known();
    }
    try {
      return authorizer.authorizeWill(who, message);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  CompletableFuture<Permission> publish(Message message) {
    if (TopicName.isOfServer(message.topic())) {
      return Permission.DENIED.known();
    }
    try {
      return authorizer.authorizePublish(who, message);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  CompletableFuture<Permission> subscribe(Subscription wanted) {
    try {
      return authorizer.authorizeSubscribe(who, wanted);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Whether a message of a topic may still reach the client, by whatever subscription. */
  boolean mayReceive(String topic) {
    return authorizer.mayReceive(topic);
  }

  /** As {@link Authorizer#verdictOn}. */
  Authorizer.@Nullable Verdict verdictOn(Message message) {
    return TopicName.isOfServer(message.topic())
        ? new Authorizer.Verdict(false, "topics of the server are for the server alone")
        : authorizer.verdictOn(message);
  }

  /** The client has a will that may be. */
  void hasWill(Message message) {
    will =
        new Message(
            message.topic(),
            NO_PAYLOAD,
            message.qos(),
            message.retain(),
            MessageProperties.NONE,
            0,
            0);
  }

  /**
   * Whose will it is, for the rules of all; null: its own rules decide about it, which are not kept
   * with it, or there is none.
   */
  @Nullable WillOwner willOwner() {
    Message present = will;
    return present == null || authorizer.goesByOwnRules(present) ? null : who.willOwner();
  }

  /** Whether the client has a will that may not be any more. */
  boolean forbidWill() {
    Message former = will;
    return former != null && !isGranted(will(former));
  }

  /** Whether an answer is there already, and is yes. It is awaited no longer. */
  boolean isGranted(CompletableFuture<Permission> answer) {
    answer.cancel(false);
    return permission(answer) == Permission.GRANTED;
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
