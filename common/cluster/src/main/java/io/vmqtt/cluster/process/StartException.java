package io.vmqtt.cluster.process;

import io.vmqtt.cluster.option.OptionException;
import org.jspecify.annotations.Nullable;

/** A process cannot start; the message is one line for the operator, naming the thing. */
public final class StartException extends Exception {
  /** The process cannot start: a port or a folder cannot be had, for example. */
  private static final int CANNOT = 1;

  /** It was told what cannot be. */
  private static final int WRONG_OPTION = 2;

  private static final String FRAMEWORK = "io.micronaut.";

  /** Where nothing behind it says otherwise. */
  private final int code;

  public StartException(String message, Throwable cause) {
    super(message, cause);
    this.code = CANNOT;
  }

  StartException(String message) {
    this(message, CANNOT);
  }

  StartException(String message, int code) {
    super(message);
    this.code = code;
  }

  /** What the process ends with. */
  public int exitCode() {
    for (Throwable cause = this; cause != null; cause = cause.getCause()) {
      if (cause instanceof OptionException) {
        return WRONG_OPTION;
      }
    }
    return code;
  }

  /**
   * Finds the line in what the framework wrapped around it: the outermost message that is not the
   * framework's, or else the innermost of all.
   */
  static StartException of(Throwable failure) {
    Throwable innermost = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (!cause.getClass().getName().startsWith(FRAMEWORK)) {
        return new StartException(lineOf(cause), failure);
      }
      innermost = cause;
    }
    return new StartException(lineOf(innermost), failure);
  }

  /** {@code what} failed for a reason that lies at the bottom of {@code failure}. */
  static StartException of(String what, Throwable failure) {
    Throwable innermost = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      innermost = cause;
    }
    return new StartException(what + ": " + lineOf(innermost), failure);
  }

  private static String lineOf(Throwable cause) {
    @Nullable String message = cause.getMessage();
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElseThrow();
  }
}
