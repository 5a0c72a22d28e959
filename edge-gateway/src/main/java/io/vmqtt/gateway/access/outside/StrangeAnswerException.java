package io.vmqtt.gateway.access.outside;

/**
 * Somebody outside has answered, and nobody knows what that means: its client is not let in, and
 * others are still asked about. So whoever finds words that get such an answer shuts out himself
 * alone.
 */
public final class StrangeAnswerException extends Exception {
  private static final long serialVersionUID = 1;

  /** With one of few messages, as each is written into the log. */
  public StrangeAnswerException(String message) {
    super(message);
  }
}
