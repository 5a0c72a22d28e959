package io.vmqtt.gateway.audit;

import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Authorizer;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Permission;
import io.vmqtt.gateway.audit.AuditEvent.Kind;
import io.vmqtt.model.Message;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.Subscription;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Access control whose decisions are told: who was let in and who was not, and what was refused to
 * those who were. What is granted to them is not told, and costs nothing.
 */
public final class AuditedAccess implements Access {
  private final String listener;
  private final Access then;
  private final Audit audit;

  /** {@code then} decides. */
  public AuditedAccess(String listener, Access then, Audit audit) {
    this.listener = listener;
    this.then = then;
    this.audit = audit;
  }

  @Override
  public CompletableFuture<Authentication> authenticate(Credentials credentials) {
    CompletableFuture<Authentication> answer = then.authenticate(credentials);
    var _ =
        answer.whenComplete(
            (decided, failure) -> {
              if (!answer.isCancelled()) { // else nobody was let in, and nobody decided
                connect(credentials, decided);
              }
            });
    return answer;
  }

  private void connect(Credentials credentials, @Nullable Authentication decided) {
    Identity who = credentials.identity(credentials.namespace());
    switch (decided) {
      case Authentication.Accepted(Identity identity) ->
          tell(Kind.CONNECT, ReasonCode.SUCCESS, identity, null);
      case Authentication.Refused(ReasonCode reason) -> tell(Kind.CONNECT, reason, who, null);
      case null -> tell(Kind.CONNECT, ReasonCode.SERVER_UNAVAILABLE, who, null);
    }
  }

  @Override
  public boolean grantsAll() {
    return then.grantsAll();
  }

  @Override
  public Authorizer forIdentity(Identity who) {
    return new Audited(then.forIdentity(who));
  }

  @Override
  public CompletableFuture<Permission> authorizeWill(Identity who, Message will) {
    return forIdentity(who).authorizeWill(who, will);
  }

  @Override
  public CompletableFuture<Permission> authorizePublish(Identity who, Message message) {
    return forIdentity(who).authorizePublish(who, message);
  }

  @Override
  public CompletableFuture<Permission> authorizeSubscribe(Identity who, Subscription wanted) {
    return forIdentity(who).authorizeSubscribe(who, wanted);
  }

  private void tell(Kind kind, ReasonCode reason, Identity who, @Nullable String topic) {
    audit.record(
        new AuditEvent(
            kind,
            listener,
            reason,
            who.namespace(),
            who.clientId(),
            who.userName(),
            who.peer(),
            topic));
  }

  /** For one client. */
  private final class Audited implements Authorizer {
    private final Authorizer decides;

    Audited(Authorizer decides) {
      this.decides = decides;
    }

    @Override
    public boolean grantsAll() {
      return decides.grantsAll();
    }

    @Override
    public CompletableFuture<Permission> authorizeWill(Identity who, Message will) {
      return told(Kind.WILL, decides.authorizeWill(who, will), who, will.topic());
    }

    @Override
    public CompletableFuture<Permission> authorizePublish(Identity who, Message message) {
      return told(Kind.PUBLISH, decides.authorizePublish(who, message), who, message.topic());
    }

    @Override
    public CompletableFuture<Permission> authorizeSubscribe(Identity who, Subscription wanted) {
      return told(
          Kind.SUBSCRIBE, decides.authorizeSubscribe(who, wanted), who, wanted.filter().text());
    }

    private CompletableFuture<Permission> told(
        Kind kind, CompletableFuture<Permission> answer, Identity who, String topic) {
      if (answer.state() == Future.State.SUCCESS && answer.resultNow() == Permission.GRANTED) {
        return answer;
      }
      var _ =
          answer.whenComplete(
              (permission, failure) -> {
                if (permission != Permission.GRANTED && !answer.isCancelled()) {
                  tell(
                      kind,
                      (permission == null ? Permission.UNKNOWN : permission).reason(),
                      who,
                      topic);
                }
              });
      return answer;
    }
  }
}
