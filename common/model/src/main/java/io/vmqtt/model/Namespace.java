package io.vmqtt.model;

/**
 * An isolated world: client ids, sessions, topics, retained messages, share groups and wills of one
 * never meet those of another.
 *
 * @param name 1 to 64 characters of {@code a-z0-9-_}; empty: the nameless one, where everybody is
 *     who was put nowhere else
 */
public record Namespace(String name) {
  /** The one without a name. */
  public static final Namespace NAMELESS = new Namespace("");

  /** The longest name. */
  public static final int MAX_CHARS = 64;

  public Namespace {
    if (!name.isEmpty() && !isName(name)) {
      throw new IllegalArgumentException(
          "a namespace has 1 to " + MAX_CHARS + " characters of a-z0-9-_, not '" + name + "'");
    }
  }

  /** The namespace with a name, or the nameless one for an empty text. */
  public static Namespace of(String name) {
    return name.isEmpty() ? NAMELESS : new Namespace(name);
  }

  /** Whether a namespace can have this name; the nameless one has none. */
  public static boolean isName(String text) {
    if (text.isEmpty() || text.length() > MAX_CHARS) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }

  public boolean isNameless() {
    return name.isEmpty();
  }
}
