package io.vmqtt.gateway.access;

import java.security.MessageDigest;

/** The password of a CONNECT: bytes, which need be no text, and which no log ever shows. */
public final class Password {
  private final byte[] bytes;

  /** A password of these bytes, which are not copied. */
  public Password(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /**
   * Whether it is made of these bytes; how long that takes says nothing about where they differ.
   */
  public boolean is(byte[] expected) {
    return MessageDigest.isEqual(bytes, expected);
  }

  @Override
  public String toString() {
    return "a password";
  }
}
