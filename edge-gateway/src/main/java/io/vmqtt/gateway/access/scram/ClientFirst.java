package io.vmqtt.gateway.access.scram;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The first message of a client: RFC 5802, section 7, {@code client-first-message}.
 *
 * @param header what it says of channel binding, and as whom it wants to act
 * @param bare the rest
 * @param user its name
 * @param nonce of the client
 */
record ClientFirst(String header, String bare, String user, String nonce) {
  /**
   * Neither with channel binding ({@code p=}), which no mechanism here has, nor with an extension
   * that must be understood ({@code m=}).
   */
  private static final Pattern MESSAGE =
      Pattern.compile(
          "([ny],(?:a=(?<actor>[^,]+))?,)(?<bare>n=(?<user>[^,]+),r=(?<nonce>[!-+\\--~]+)(?:,.*)?)");

  /** Reads one; empty: it cannot be. */
  static Optional<ClientFirst> read(String text) {
    Matcher parts = MESSAGE.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String user = name(parts.group("user"));
    String actor = parts.group("actor");
    if (user == null || (actor != null && !user.equals(name(actor)))) {
      return Optional.empty(); // nobody acts for another
    }
    return Optional.of(
        new ClientFirst(parts.group(1), parts.group("bare"), user, parts.group("nonce")));
  }

  /** A {@code saslname}; null: it is none. */
  private static @Nullable String name(String text) {
    return text.replace("=2C", "").replace("=3D", "").indexOf('=') >= 0
        ? null
        : text.replace("=2C", ",").replace("=3D", "=");
  }
}
