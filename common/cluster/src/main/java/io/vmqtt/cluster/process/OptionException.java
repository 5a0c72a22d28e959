package io.vmqtt.cluster.process;

/** An option has a value that cannot be; the message names its property, and what can be. */
public final class OptionException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public OptionException(String message) {
    super(message);
  }
}
