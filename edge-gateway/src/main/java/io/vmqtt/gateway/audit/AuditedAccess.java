package io.vmqtt.gateway.audit;

import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.Authentication;
import io.vmqtt.gateway.access.Authorizer;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Exchange;
import io.vmqtt.gateway.access.ExchangeStep;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Permission;
import io.vmqtt.gateway.access.Unanswered;
import io.vmqtt.gateway.audit.AuditEvent.Kind;
import io.vmqtt.model.Message;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.Subscription;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Access control whose decisions are told: who was let in and who was not, also where nobody had to
 * be asked for that, and what was refused to those who were. What is granted to them is not told,
 * and costs nothing.
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

  /** That nobody is let in is told, too. */
  @Override
  public Access refusing(ReasonCode reason) {
    return new AuditedAccess(listener, then.refusing(reason), audit);
  }

  @Override
  public CompletableFuture<Authentication> authenticate(Credentials credentials) {
    CompletableFuture<Authentication> answer = asked(() -> then.authenticate(credentials));
    Identity claimed = credentials.identity(credentials.namespace());
    var _ =
        answer.whenComplete(
            (decided, failure) -> {
              if (failure instanceof Unanswered why) {
                undecided(Kind.CONNECT, claimed, why);
              } else {
                tell(Kind.CONNECT, claimed, decided);
              }
            });
    return answer;
  }

  /** Whoever cannot be asked has failed, which is an answer, too. */
  private static <T> CompletableFuture<T> asked(Supplier<CompletableFuture<T>> question) {
    try {
      return question.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public Optional<Exchange> begin(
      String method, Credentials credentials, @Nullable Identity present) {
    Kind kind = present == null ? Kind.CONNECT : Kind.REAUTHENTICATE;
    Optional<Exchange> exchange = then.begin(method, credentials, present);
    if (exchange.isEmpty()) {
      tell(
          kind,
          ReasonCode.BAD_AUTHENTICATION_METHOD,
          credentials.identity(credentials.namespace()),
          null);
    }
    return exchange.map(one -> new AuditedExchange(kind, credentials, one));
  }

  @Override
  public void refusedUnasked(Identity claimed, ReasonCode reason) {
    tell(Kind.CONNECT, reason, claimed, null);
  }

  /** Nobody decided. */
  private void undecided(Kind kind, Identity claimed, Unanswered why) {
    audit.record(AuditEvent.undecided(kind, listener, claimed, null, why));
  }

  private void tell(Kind kind, Identity claimed, @Nullable Authentication decided) {
    switch (decided) {
      case Authentication.Accepted(Identity identity) ->
          tell(kind, ReasonCode.SUCCESS, identity, null);
      case Authentication.Refused(ReasonCode reason) -> tell(kind, reason, claimed, null);
      case null -> tell(kind, ReasonCode.SERVER_UNAVAILABLE, claimed, null);
    }
  }

  @Override
  public boolean isBanned(Identity who) {
    boolean banned = then.isBanned(who);
    if (banned) {
      tell(Kind.BAN, ReasonCode.BANNED, who, null);
    }
    return banned;
  }

  @Override
  public Authorizer forIdentity(Identity who) {
    return new Audited(then.forIdentity(who));
  }

  private void tell(Kind kind, ReasonCode reason, Identity who, @Nullable String topic) {
    tell(kind, reason, who, topic, () -> null);
  }

  private void tell(
      Kind kind,
      ReasonCode reason,
      Identity who,
      @Nullable String topic,
      Supplier<@Nullable String> rule) {
    audit.record(AuditEvent.of(kind, listener, reason, who, topic), rule);
  }

  /** One whose end is told. */
  private final class AuditedExchange implements Exchange {
    private final Kind kind;
    private final Credentials credentials;
    private final Exchange decides;
    private boolean heard;

    AuditedExchange(Kind kind, Credentials credentials, Exchange decides) {
      this.kind = kind;
      this.credentials = credentials;
      this.decides = decides;
    }

    @Override
    public @Nullable String userName() {
      return decides.userName();
    }

    @Override
    public CompletableFuture<ExchangeStep> next(byte[] data) {
      CompletableFuture<ExchangeStep> answer = asked(() -> decides.next(data));
      var _ =
          answer.whenComplete(
              (step, failure) -> {
                if (failure instanceof Unanswered why) {
                  abandoned(why);
                } else {
                  told(step);
                }
              });
      return answer;
    }

    /** Who was let in before, and goes, or is sent away, has nothing decided about him. */
    @Override
    public void abandoned(Unanswered why) {
      if (kind == Kind.CONNECT || why.why() == Unanswered.Why.TIMED_OUT) {
        undecided(kind, claimed(), why);
      }
      decides.abandoned(why);
    }

    private void told(@Nullable ExchangeStep step) {
      switch (step) {
        case ExchangeStep.Challenge _ -> heard = true; // nothing is decided
        case ExchangeStep.Decided(Authentication answer, var _) -> {
          if (!isToBeAskedAgain(answer)) {
            tell(kind, claimed(), answer);
          }
        }
        case null -> tell(kind, claimed(), null);
      }
    }

    /** Who is connected goes on where nobody has time for him, and begins another. */
    private boolean isToBeAskedAgain(Authentication answer) {
      return kind == Kind.REAUTHENTICATE
          && !heard
          && answer instanceof Authentication.Refused(ReasonCode reason)
          && reason == ReasonCode.SERVER_BUSY;
    }

    @Override
    public void unheard() {
      tell(kind, ReasonCode.SERVER_BUSY, claimed(), null);
    }

    private Identity claimed() {
      String said = decides.userName();
      return credentials.identity(
          credentials.namespace(), said == null ? credentials.userName() : said);
    }
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
    public long work() {
      return decides.work();
    }

    @Override
    public boolean goesByOwnRules(Message will) {
      return decides.goesByOwnRules(will);
    }

    @Override
    public CompletableFuture<Permission> authorizeWill(Identity who, Message will) {
      CompletableFuture<Permission> answer = decides.authorizeWill(who, will);
      if (!isGranted(answer)) {
        tellOf(Kind.WILL, answer, who, will.topic(), () -> decides.ruleAgainst(will));
      }
      return answer;
    }

    @Override
    public CompletableFuture<Permission> authorizePublish(Identity who, Message message) {
      CompletableFuture<Permission> answer = decides.authorizePublish(who, message);
      if (!isGranted(answer)) {
        tellOf(Kind.PUBLISH, answer, who, message.topic(), () -> decides.ruleAgainst(message));
      }
      return answer;
    }

    @Override
    public CompletableFuture<Permission> authorizeSubscribe(Identity who, Subscription wanted) {
      CompletableFuture<Permission> answer = decides.authorizeSubscribe(who, wanted);
      if (!isGranted(answer)) {
        tellOf(
            Kind.SUBSCRIBE, answer, who, wanted.filter().text(), () -> decides.ruleAgainst(wanted));
      }
      return answer;
    }

    @Override
    public boolean mayReceive(String topic) {
      return decides.mayReceive(topic);
    }

    @Override
    public @Nullable String ruleAgainst(Message message) {
      return decides.ruleAgainst(message);
    }

    @Override
    public @Nullable String ruleAgainst(Subscription wanted) {
      return decides.ruleAgainst(wanted);
    }

    @Override
    public @Nullable Verdict verdictOn(Message message) {
      return decides.verdictOn(message);
    }

    private static boolean isGranted(CompletableFuture<Permission> answer) {
      return answer.state() == Future.State.SUCCESS && answer.resultNow() == Permission.GRANTED;
    }

    /**
     * Tells of an answer if it is no, or there is none in time. Who answers later is asked for no
     * rule. Who has gone is refused nothing; but a will belongs to a CONNECT, which has an end.
     */
    private void tellOf(
        Kind kind,
        CompletableFuture<Permission> answer,
        Identity who,
        String topic,
        Supplier<@Nullable String> rule) {
      boolean atOnce = answer.isDone();
      var _ =
          answer.whenComplete(
              (permission, failure) -> {
                if (failure instanceof Unanswered why) {
                  if (kind == Kind.WILL || why.why() == Unanswered.Why.TIMED_OUT) {
                    audit.record(AuditEvent.undecided(kind, listener, who, topic, why));
                  }
                } else if (permission != Permission.GRANTED && !answer.isCancelled()) {
                  tell(
                      kind,
                      (permission == null ? Permission.UNKNOWN : permission).reason(),
                      who,
                      topic,
                      atOnce && permission == Permission.DENIED ? rule : () -> null);
                }
              });
    }
  }
}
