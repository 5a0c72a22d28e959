package io.vmqtt.gateway.access;

import io.vmqtt.model.Namespace;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The client "c", about which methods of authentication are asked. */
public final class AskedClient {
  private AskedClient() {}

  /** What it says of itself. */
  public static Credentials client(@Nullable String user, @Nullable String password) {
    return new Credentials(
        Namespace.NAMELESS,
        "c",
        user,
        password == null ? null : new Password(password.getBytes(StandardCharsets.UTF_8)),
        null,
        null);
  }

  /** The verdict that lets it in as that user. */
  public static Optional<Authentication> accepted(String user) {
    return Optional.of(
        new Authentication.Accepted(client(user, null).identity(Namespace.NAMELESS)));
  }
}
