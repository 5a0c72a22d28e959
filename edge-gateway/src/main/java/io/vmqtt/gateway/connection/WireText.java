package io.vmqtt.gateway.connection;

import io.vmqtt.model.ReasonCode;

/** Text that came from the network. */
public final class WireText {
  /** What the decoder leaves where bytes are not UTF-8. */
  private static final char REPLACEMENT = '\uFFFD';

  private WireText() {}

  /** Whether the text was UTF-8; one that really has a replacement character is not believed. */
  public static boolean isWellFormed(String text) {
    return text.indexOf(REPLACEMENT) < 0;
  }

  /**
   * Returns if the text was UTF-8.
   *
   * @throws ProtocolViolation otherwise [MQTT-1.5.4-1]
   */
  public static void requireWellFormed(String text) {
    if (!isWellFormed(text)) {
      throw new ProtocolViolation(ReasonCode.MALFORMED_PACKET, "text is not UTF-8");
    }
  }
}
