package io.vmqtt.gateway.access.passwords;

/**
 * Somebody with a password.
 *
 * @param name not empty, without a colon
 * @param disabled not let in, whatever the password
 */
public record User(String name, StoredPassword password, boolean disabled) {
  static final char SEPARATOR = ':';
  static final char DISABLED = '!';

  public User {
    if (!isName(name)) {
      throw new IllegalArgumentException("a user's name is not empty and has no colon");
    }
  }

  /** Whether a user can be called so. */
  public static boolean isName(String name) {
    return !name.isEmpty()
        && name.indexOf(SEPARATOR) < 0
        && !name.startsWith("#")
        && name.equals(name.strip())
        && name.chars().noneMatch(Character::isISOControl);
  }

  /** The line of a file. */
  String line() {
    return name + SEPARATOR + (disabled ? String.valueOf(DISABLED) : "") + password.text();
  }
}
