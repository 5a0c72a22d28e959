package io.vmqtt.gateway.access;

import java.util.regex.Pattern;

/**
 * Which client ids a user may have, so that nobody takes over the session of another user.
 *
 * @param pattern literal but for {@code %u}, the user name, and {@code *}, anything
 */
public record ClientIds(String pattern) {
  private static final String USER = "%u";
  private static final String ANYTHING = "*";

  public ClientIds {
    if (pattern.isEmpty()) {
      throw new IllegalArgumentException("an empty pattern of client ids");
    }
  }

  /** Whether somebody may have the client id that he has. */
  boolean allow(Identity who) {
    String user = who.userName();
    if (user == null && pattern.contains(USER)) {
      return false;
    }
    StringBuilder expression = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      if (pattern.startsWith(USER, i)) {
        expression.append(Pattern.quote(String.valueOf(user)));
        i++;
      } else if (pattern.startsWith(ANYTHING, i)) {
        expression.append(".*");
      } else {
        expression.append(Pattern.quote(pattern.substring(i, i + 1)));
      }
    }
    return Pattern.compile(expression.toString(), Pattern.DOTALL).matcher(who.clientId()).matches();
  }
}
