package io.vmqtt.gateway.access;

import io.vmqtt.model.Message;
import io.vmqtt.model.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Access control whose answers a test decides: at once, later, never, or that it fails. */
public class FakeAccess implements Access, Authorizer {
  /** What it was asked, in order. */
  public final List<String> asked = new ArrayList<>();

  /** The credentials of each CONNECT. */
  public final List<Credentials> credentials = new ArrayList<>();

  /** On whose behalf. */
  public final List<Identity> identities = new ArrayList<>();

  /** The answers that are open, in the order of their questions. */
  public final List<CompletableFuture<Permission>> open = new ArrayList<>();

  /** The exchanges that were begun, of which there is one method: {@link FakeExchange#METHOD}. */
  public final List<FakeExchange> exchanges = new ArrayList<>();

  /** Whether it has time for an exchange that begins. */
  public boolean room = true;

  private @Nullable CompletableFuture<Authentication> authentication;

  private How how = How.GRANTS;

  /** How it answers questions for permission. */
  public enum How {
    GRANTS,
    DENIES,
    /** When a test completes what is in {@link #open}. */
    LATER,
    FAILS,
    THROWS
  }

  /** This is the answer to CONNECT, instead of letting everybody in. */
  public void answerConnect(CompletableFuture<Authentication> answer) {
    authentication = answer;
  }

  /** How it answers all else from now on. */
  public void now(How answers) {
    how = answers;
  }

  @Override
  public CompletableFuture<Authentication> authenticate(Credentials said) {
    credentials.add(said);
    CompletableFuture<Authentication> answer = authentication;
    return answer == null ? new OpenAccess().authenticate(said) : answer;
  }

  @Override
  public Optional<Exchange> begin(String method, Credentials said, @Nullable Identity present) {
    if (!method.equals(FakeExchange.METHOD)) {
      return Optional.empty();
    }
    FakeExchange begun = new FakeExchange(said, present, room);
    exchanges.add(begun);
    return Optional.of(begun);
  }

  @Override
  public Authorizer forIdentity(Identity who) {
    return this;
  }

  @Override
  public CompletableFuture<Permission> authorizeWill(Identity who, Message will) {
    return answer(who, "will " + will.topic());
  }

  @Override
  public CompletableFuture<Permission> authorizePublish(Identity who, Message message) {
    return answer(who, "publish " + message.topic());
  }

  @Override
  public CompletableFuture<Permission> authorizeSubscribe(Identity who, Subscription wanted) {
    return answer(who, "subscribe " + wanted.filter().text());
  }

  private CompletableFuture<Permission> answer(Identity who, String question) {
    asked.add(question);
    identities.add(who);
    return switch (how) {
      case GRANTS -> Permission.GRANTED.known();
      case DENIES -> Permission.DENIED.known();
      case LATER -> {
        CompletableFuture<Permission> later = new CompletableFuture<>();
        open.add(later);
        yield later;
      }
      case FAILS -> CompletableFuture.failedFuture(new IllegalStateException("nobody there"));
      case THROWS -> throw new IllegalStateException("nobody there");
    };
  }
}
