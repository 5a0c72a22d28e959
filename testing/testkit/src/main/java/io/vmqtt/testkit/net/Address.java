package io.vmqtt.testkit.net;

import java.net.InetSocketAddress;

/** Where something listens. */
public record Address(String host, int port) {
  /** This machine. */
  public static final String LOCAL_HOST = "127.0.0.1";

  /** A port of this machine, seen from this machine only. */
  public static Address local(int port) {
    return new Address(LOCAL_HOST, port);
  }

  /**
   * Reads {@code HOST:PORT}.
   *
   * @throws IllegalArgumentException if the text has another shape
   */
  public static Address parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("not HOST:PORT: " + text);
    }
    return new Address(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  public InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return host + ':' + port;
  }
}
