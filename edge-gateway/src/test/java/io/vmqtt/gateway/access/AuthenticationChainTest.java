package io.vmqtt.gateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuthenticationChainTest {
  private static final Authentication BANNED = new Authentication.Refused(ReasonCode.BANNED);

  private final List<String> asked = new ArrayList<>();
  private final CompletableFuture<Optional<Authentication>> first = new CompletableFuture<>();
  private final CompletableFuture<Optional<Authentication>> second = new CompletableFuture<>();
  private final AuthenticationChain chain =
      new AuthenticationChain(List.of(method("first", first), method("second", second)));

  @Test
  void authenticate_firstKnowsTheClient_nobodyElseIsAsked() {
    first.complete(Optional.of(BANNED));

    assertEquals(BANNED, ask("anna").join());
    assertEquals(List.of("first"), asked);
  }

  @Test
  void authenticate_firstDoesNotKnowIt_theNextIsAskedWhenThatIsClear() {
    CompletableFuture<Authentication> answer = ask("anna");
    assertEquals(List.of("first"), asked);

    first.complete(Optional.empty());
    assertEquals(List.of("first", "second"), asked);
    assertFalse(answer.isDone());

    second.complete(Optional.of(BANNED));
    assertEquals(BANNED, answer.join());
  }

  @Test
  void authenticate_nobodyKnowsIt_isRefusedAsWithAWrongPassword() {
    first.complete(Optional.empty());
    second.complete(Optional.empty());

    assertEquals(
        new Authentication.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD), ask("anna").join());
    assertEquals(new Authentication.Refused(ReasonCode.NOT_AUTHORIZED), ask(null).join());
  }

  /** A method that cannot tell must not be passed over: the next might let in whom it would not. */
  @Test
  void authenticate_aMethodFails_soDoesTheAnswer() {
    first.completeExceptionally(new IllegalStateException("out of reach"));

    assertThrows(CompletionException.class, () -> ask("anna").join());
    assertEquals(List.of("first"), asked);
  }

  @Test
  void authenticate_nobodyWaitsAnyMore_theMethodIsTold() {
    CompletableFuture<Authentication> answer = ask("anna");

    answer.cancel(false);

    assertTrue(first.isCancelled());
    assertEquals(List.of("first"), asked);
  }

  /** A question to somebody outside would hold a place that others wait for. */
  @Test
  void authenticate_nobodyWaitsAnyMoreForTheSecond_thatOneIsTold() {
    CompletableFuture<Authentication> answer = ask("anna");
    first.complete(Optional.empty());

    answer.cancel(false);

    assertTrue(second.isCancelled());
  }

  @Test
  void authenticate_nobodyWaitsAnyMoreAndTheFirstAnswersAllTheSame_theSecondIsNotAsked() {
    CompletableFuture<Optional<Authentication>> stubborn =
        new CompletableFuture<>() {
          @Override
          public boolean cancel(boolean interrupt) {
            return false;
          }
        };
    CompletableFuture<Authentication> answer =
        new AuthenticationChain(List.of(method("first", stubborn), method("second", second)))
            .authenticate(credentials("anna"));

    answer.cancel(false);
    stubborn.complete(Optional.empty());

    assertEquals(List.of("first"), asked);
  }

  @Test
  void anonymous_userNameOrNone_onlyWhoNamesNone() {
    Anonymous anonymous = new Anonymous();

    assertEquals(Optional.empty(), anonymous.judge(credentials("anna")).join());
    assertInstanceOf(
        Authentication.Accepted.class, anonymous.judge(credentials(null)).join().orElseThrow());
  }

  private CompletableFuture<Authentication> ask(@Nullable String user) {
    return chain.authenticate(credentials(user));
  }

  private static Credentials credentials(@Nullable String user) {
    return new Credentials(Namespace.NAMELESS, "client", user, null, null, null);
  }

  private AuthenticationMethod method(
      String name, CompletableFuture<Optional<Authentication>> answer) {
    return new AuthenticationMethod() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public CompletableFuture<Optional<Authentication>> judge(Credentials credentials) {
        asked.add(name);
        return answer;
      }
    };
  }
}
