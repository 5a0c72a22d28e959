package io.vmqtt.testkit.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** How a network may bring the same bytes: never as they were sent. */
public final class Arrivals {
  private static final int SHORT = 24;
  private static final int MOST_ONE_BY_ONE = 2_000;
  private static final int CUTS_OF_LONG = 3;

  private Arrivals() {}

  /** All at once. */
  public static List<byte[]> whole(byte[] bytes) {
    return List.of(bytes);
  }

  /**
   * Other ways: byte by byte, and in two parts: cut everywhere where the bytes are few, else at a
   * few places, which the bytes decide.
   */
  public static List<List<byte[]>> inParts(byte[] bytes) {
    List<List<byte[]>> all = new ArrayList<>();
    if (bytes.length <= MOST_ONE_BY_ONE) {
      all.add(cut(bytes, 1));
    }
    Random dice = new Random(Arrays.hashCode(bytes));
    boolean isShort = bytes.length <= SHORT;
    for (int i = 1; i < (isShort ? bytes.length : CUTS_OF_LONG + 1); i++) {
      int at = isShort ? i : 1 + dice.nextInt(bytes.length - 1);
      all.add(List.of(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at, bytes.length)));
    }
    return all;
  }

  private static List<byte[]> cut(byte[] bytes, int length) {
    List<byte[]> parts = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += length) {
      parts.add(Arrays.copyOfRange(bytes, at, Math.min(at + length, bytes.length)));
    }
    return parts;
  }
}
