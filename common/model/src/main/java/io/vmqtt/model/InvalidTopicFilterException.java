package io.vmqtt.model;

/** A text is not a topic filter. Its message shows a short, printable part of the text only. */
public final class InvalidTopicFilterException extends IllegalArgumentException {

  private static final int MAX_SHOWN_CHARS = 80;

  private final String filter;
  private final String reason;

  InvalidTopicFilterException(String filter, String reason) {
    super(reason + ": \"" + shown(filter) + '"');
    this.filter = filter;
    this.reason = reason;
  }

  /** The whole text as it was given: up to any length and with any character. */
  public String filter() {
    return filter;
  }

  /** The rule that the text breaks; never holds a part of the text. */
  public String reason() {
    return reason;
  }

  private static String shown(String filter) {
    int end = Math.min(filter.length(), MAX_SHOWN_CHARS);
    StringBuilder shown = new StringBuilder(end + 3);
    for (int i = 0; i < end; i++) {
      char c = filter.charAt(i);
      shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
    }
    return end < filter.length() ? shown.append("...").toString() : shown.toString();
  }
}
