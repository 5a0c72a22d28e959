package io.vmqtt.cluster.access;

/**
 * Names, such as client ids: {@code *} stands for any characters, also for none; all else for
 * itself.
 */
public record NamePattern(String text) {
  private static final char ANY = '*';

  /** Whether it stands for one name alone. */
  public boolean isExact() {
    return text.indexOf(ANY) < 0;
  }

  /** Whether it stands for a name. Goes back to the latest {@code *} alone: no name takes long. */
  public boolean matches(String name) {
    int at = 0;
    int inName = 0;
    int afterAny = -1;
    int retryFrom = 0;
    while (inName < name.length()) {
      if (at < text.length() && text.charAt(at) == ANY) {
        afterAny = ++at;
        retryFrom = inName;
      } else if (at < text.length() && text.charAt(at) == name.charAt(inName)) {
        at++;
        inName++;
      } else if (afterAny >= 0) {
        at = afterAny;
        inName = ++retryFrom;
      } else {
        return false;
      }
    }
    while (at < text.length() && text.charAt(at) == ANY) {
      at++;
    }
    return at == text.length();
  }

  @Override
  public String toString() {
    return text;
  }
}
