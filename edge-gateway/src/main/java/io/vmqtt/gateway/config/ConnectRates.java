package io.vmqtt.gateway.config;

/**
 * How many connections a listener takes in a second, and after a pause at once.
 *
 * @param ofAll 0: any number
 * @param ofAddress of one source; 0: any number
 */
public record ConnectRates(int ofAll, int ofAddress) {
  /** Any number. */
  public static final ConnectRates UNBOUNDED = new ConnectRates(0, 0);
}
