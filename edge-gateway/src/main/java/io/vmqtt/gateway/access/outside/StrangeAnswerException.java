package io.vmqtt.gateway.access.outside;

import io.vmqtt.cluster.access.OwnRules;
import java.util.function.Supplier;

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

  /**
   * Rules that were read, unless they cannot be: what is wrong with them differs from one user to
   * the next, so whoever wants to know has to look at them.
   */
  public static OwnRules unless(Supplier<OwnRules> reader) throws StrangeAnswerException {
    try {
      return reader.get();
    } catch (IllegalArgumentException _) {
      throw new StrangeAnswerException(
          "has rules of a user that cannot be used (vmqtt access test --rules says why)");
    }
  }
}
