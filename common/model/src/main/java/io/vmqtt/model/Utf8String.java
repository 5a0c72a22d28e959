package io.vmqtt.model;

/**
 * The rules of a UTF-8 Encoded String. Source: MQTT 5.0, section 1.5.4.
 *
 * <p>Nothing here allocates. Code points that the specification only advises against (control
 * characters, non-characters) are well-formed here; refusing them is the caller's choice.
 */
public final class Utf8String {

  /** The longest string that a two byte length can announce, in bytes. */
  public static final int MAX_BYTES = 65_535;

  private static final int ILL_FORMED = -1;

  private Utf8String() {}

  /** Whether the text has no U+0000 [MQTT-1.5.4-2] and no lone surrogate [MQTT-1.5.4-1]. */
  public static boolean isWellFormed(String text) {
    return scan(text) != ILL_FORMED;
  }

  /** Whether the text is well-formed and at most {@link #MAX_BYTES} long in UTF-8. */
  public static boolean isValid(String text) {
    if (text.length() > MAX_BYTES) {
      return false;
    }
    int bytes = scan(text);
    return bytes != ILL_FORMED && bytes <= MAX_BYTES;
  }

  /**
   * The length of the text in UTF-8 bytes.
   *
   * @throws IllegalArgumentException if the text is not well-formed
   */
  public static int byteLength(String text) {
    int bytes = scan(text);
    if (bytes == ILL_FORMED) {
      throw new IllegalArgumentException("text has U+0000 or a lone surrogate");
    }
    return bytes;
  }

  /** The length in UTF-8 bytes, or {@link #ILL_FORMED}. */
  private static int scan(String text) {
    int length = text.length();
    int bytes = length;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return ILL_FORMED;
      }
      if (c < 0x80) {
        continue;
      }
      if (c < 0x800) {
        bytes++;
      } else if (!Character.isSurrogate(c)) {
        bytes += 2;
      } else if (startsPair(text, i)) {
        bytes += 2; // four bytes for two chars
        i++;
      } else {
        return ILL_FORMED;
      }
    }
    return bytes;
  }

  private static boolean startsPair(String text, int i) {
    return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
  }
}
