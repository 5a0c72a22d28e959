package io.vmqtt.gateway.access.tokens;

import io.vmqtt.gateway.access.Credentials;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a token has to say.
 *
 * @param issuer who has to have made it; null: whoever has the key
 * @param audience whom it has to be for; null: anybody
 * @param userClaim the claim that is the user name
 * @param namespaceClaim the claim that is the namespace; null: that of the listener
 * @param rulesClaim the claim that has rules of the user's own; null: none has
 * @param claims what others have to be: {@code %u} is the user name of CONNECT, {@code %c} the
 *     client id
 */
public record TokenDemands(
    @Nullable String issuer,
    @Nullable String audience,
    String userClaim,
    @Nullable String namespaceClaim,
    @Nullable String rulesClaim,
    Map<String, String> claims) {

  public TokenDemands {
    claims = Map.copyOf(claims);
  }

  /** What users may do is not in their tokens. */
  public TokenDemands(
      @Nullable String issuer,
      @Nullable String audience,
      String userClaim,
      @Nullable String namespaceClaim,
      Map<String, String> claims) {
    this(issuer, audience, userClaim, namespaceClaim, null, claims);
  }

  /**
   * Reads {@code NAME=VALUE,NAME=VALUE}.
   *
   * @throws IllegalArgumentException if it cannot be read
   */
  public static Map<String, String> readClaims(String text) {
    Map<String, String> claims = new LinkedHashMap<>();
    for (String one : text.split(",", -1)) {
      int equals = one.indexOf('=');
      if (equals < 1 || equals == one.length() - 1) {
        throw new IllegalArgumentException("'" + one + "' is not NAME=VALUE");
      }
      claims.put(one.substring(0, equals), one.substring(equals + 1));
    }
    return claims;
  }

  /** Whether the claims of a token are what they have to be for whoever has shown it. */
  boolean areMet(Map<String, String> said, Credentials by) {
    return claims.entrySet().stream()
        .allMatch(
            demand -> {
              String wanted = demand.getValue();
              String user = by.userName();
              if (user == null && wanted.contains("%u")) {
                return false;
              }
              return replaced(wanted, user, by.clientId()).equals(said.get(demand.getKey()));
            });
  }

  /** In one go: what is put in is not looked at again. */
  private static String replaced(String text, @Nullable String user, String clientId) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.startsWith("%u", i)) {
        out.append(user);
        i++;
      } else if (text.startsWith("%c", i)) {
        out.append(clientId);
        i++;
      } else {
        out.append(text.charAt(i));
      }
    }
    return out.toString();
  }
}
