package io.vmqtt.gateway.access;

import io.vmqtt.cluster.access.NamePattern;

/**
 * Which client ids a user may have, so that nobody takes over the session of another user.
 *
 * <p>A user whose name cannot be told from the text that separates it from a {@code *} has none:
 * with {@code %u-*} the user {@code pump} may be {@code pump-7-1}, which the user {@code pump-7}
 * might be, too.
 *
 * @param pattern literal but for {@code %u}, the user name, which is there once at most, and {@code
 *     *}, anything, on one side of it alone
 */
public record ClientIds(String pattern) {
  private static final String USER = "%u";
  private static final char ANYTHING = '*';

  public ClientIds {
    if (pattern.isEmpty()) {
      throw new IllegalArgumentException("an empty pattern of client ids");
    }
    int user = pattern.indexOf(USER);
    if (user != pattern.lastIndexOf(USER)) {
      throw new IllegalArgumentException("'" + pattern + "' has %u twice");
    }
    if (pattern.contains(USER + ANYTHING) || pattern.contains(ANYTHING + USER)) {
      throw new IllegalArgumentException(
          "'" + pattern + "' needs something between %u and *, which no user name has in it");
    }
    if (user >= 0
        && pattern.indexOf(ANYTHING) >= 0
        && pattern.indexOf(ANYTHING) < user
        && pattern.lastIndexOf(ANYTHING) > user) {
      throw new IllegalArgumentException(
          "'" + pattern + "' has * on both sides of %u: it would not say where the name begins");
    }
  }

  /** Whether somebody may have the client id that he has. */
  boolean allow(Identity who) {
    int at = pattern.indexOf(USER);
    if (at < 0) {
      return new NamePattern(pattern).matches(who.clientId());
    }
    String user = who.userName();
    if (user == null || user.indexOf(ANYTHING) >= 0 || !isPlain(user, at)) {
      return false;
    }
    String his = pattern.substring(0, at) + user + pattern.substring(at + USER.length());
    return new NamePattern(his).matches(who.clientId());
  }

  /** Whether all of his client ids say where his name begins, and where it ends. */
  private boolean isPlain(String user, int at) {
    String before = pattern.substring(0, at);
    String after = pattern.substring(at + USER.length());
    return (before.indexOf(ANYTHING) < 0
            || begins(user, before.substring(before.lastIndexOf(ANYTHING) + 1)))
        && (after.indexOf(ANYTHING) < 0 || ends(user, after.substring(0, after.indexOf(ANYTHING))));
  }

  private static boolean begins(String user, String separator) {
    return (separator + user).lastIndexOf(separator) == 0;
  }

  private static boolean ends(String user, String separator) {
    return (user + separator).indexOf(separator) == user.length();
  }
}
