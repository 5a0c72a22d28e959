package io.vmqtt.cluster.option;

/** An option has a value that cannot be; the message names it, and what can be. */
public final class OptionException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public OptionException(String message) {
    super(message);
  }
}
