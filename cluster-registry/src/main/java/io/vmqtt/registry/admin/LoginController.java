package io.vmqtt.registry.admin;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/v1/login}: a token for a name and a password. */
@Controller("/api/v1/login")
final class LoginController {
  private final Gatekeeper gatekeeper;

  LoginController(Gatekeeper gatekeeper) {
    this.gatekeeper = gatekeeper;
  }

  /**
   * Who wants a token.
   *
   * @param name of an operator
   * @param password his
   */
  record Login(@Nullable String name, @Nullable String password) {}

  /**
   * A token.
   *
   * @param token for {@code Authorization: Bearer}
   * @param expiresAt ISO-8601, UTC
   */
  record Token(String token, String expiresAt) {}

  /** Gives a token for a name and a password. */
  @Post
  @MayRefuse({401, 429, 503})
  @ExecuteOn(TaskExecutors.BLOCKING)
  Token login(HttpRequest<?> request, @Body Login login) {
    if (login.name() == null || login.password() == null) {
      throw Problem.badRequest("name and password are needed");
    }
    Asking.claimedBy(request, login.name());
    AccessTokens.Issued issued = gatekeeper.token(login.name(), login.password());
    return new Token(issued.token(), issued.expiresAt().toString());
  }
}
