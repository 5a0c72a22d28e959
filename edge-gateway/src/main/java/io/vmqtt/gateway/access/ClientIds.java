package io.vmqtt.gateway.access;

import io.vmqtt.cluster.access.NamePattern;
import org.jspecify.annotations.Nullable;

/**
 * Which client ids a user may have, so that nobody takes over the session of another user.
 *
 * <p>A user whose name contains the text that separates it from a {@code *} has none: with {@code
 * %u-*} the user {@code pump} may be {@code pump-7}, which the user {@code pump-7} might be, too.
 *
 * @param pattern literal but for {@code %u}, the user name, which is there once at most, and {@code
 *     *}, anything
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
  }

  /** Whether somebody may have the client id that he has. */
  boolean allow(Identity who) {
    int at = pattern.indexOf(USER);
    if (at < 0) {
      return new NamePattern(pattern).matches(who.clientId());
    }
    String user = who.userName();
    if (user == null || user.indexOf(ANYTHING) >= 0 || isSeparated(user, at)) {
      return false;
    }
    String his = pattern.substring(0, at) + user + pattern.substring(at + USER.length());
    return new NamePattern(his).matches(who.clientId());
  }

  /** Whether a separator between the user name and a {@code *} is in the name itself. */
  private boolean isSeparated(String user, int at) {
    String before = pattern.substring(0, at);
    String after = pattern.substring(at + USER.length());
    int last = before.lastIndexOf(ANYTHING);
    int first = after.indexOf(ANYTHING);
    return isIn(user, last < 0 ? null : before.substring(last + 1))
        || isIn(user, first < 0 ? null : after.substring(0, first));
  }

  private static boolean isIn(String user, @Nullable String separator) {
    return separator != null && user.contains(separator);
  }
}
