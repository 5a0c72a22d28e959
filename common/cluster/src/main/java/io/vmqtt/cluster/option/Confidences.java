package io.vmqtt.cluster.option;

import java.util.regex.Pattern;

/**
 * Secrets that people write where they do not belong: each has a file of its own, but an address
 * takes them, too.
 */
public final class Confidences {
  private static final String HIDDEN = "***";

  /** {@code //user:password@host}: of that, the password. */
  private static final Pattern IN_AUTHORITY = Pattern.compile("(//[^/@\\s:]*:)[^/\\s]*(?=@)");

  /** {@code password=…} and its like, as far as the next separator. */
  private static final Pattern NAMED =
      Pattern.compile("(?i)((?:password|passwd|pwd|secret|token|api-?key)\\s*=\\s*)[^&;,\\s]+");

  private Confidences() {}

  /** The same text without them. */
  public static String hide(String text) {
    return NAMED
        .matcher(IN_AUTHORITY.matcher(text).replaceAll("$1" + HIDDEN))
        .replaceAll("$1" + HIDDEN);
  }
}
