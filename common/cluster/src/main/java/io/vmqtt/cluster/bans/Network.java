package io.vmqtt.cluster.bans;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * Addresses that begin alike.
 *
 * @param base the lowest of them
 * @param bits in how many bits they agree
 */
public record Network(InetAddress base, int bits) {
  private static final int BITS_OF_A_HOUSEHOLD = 64;
  private static final Pattern FOUR_NUMBERS = Pattern.compile("\\d+(\\.\\d+){3}");

  public Network {
    if (bits < 0 || bits > bitsOf(base)) {
      throw new IllegalArgumentException(
          "a network of " + bits + " bits at " + base.getHostAddress());
    }
    if (!masked(base, bits).equals(base)) {
      throw new IllegalArgumentException(
          base.getHostAddress()
              + '/'
              + bits
              + " begins with "
              + masked(base, bits).getHostAddress());
    }
  }

  /** As operators write it: {@code 10.0.0.0/8}, {@code fd00::/8}, or one address. */
  public static Network of(String text) {
    int slash = text.indexOf('/');
    InetAddress base = address(slash < 0 ? text : text.substring(0, slash), text);
    String bits = slash < 0 ? Integer.toString(bitsOf(base)) : text.substring(slash + 1);
    if (!bits.matches("\\d{1,3}")) {
      throw none(text);
    }
    return new Network(masked(base, bitsOf(base)), Integer.parseInt(bits));
  }

  private static InetAddress address(String text, String of) {
    if (text.indexOf(':') < 0 && !FOUR_NUMBERS.matcher(text).matches()) {
      throw none(of); // 10.1 would be 10.0.0.1
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw none(of);
    }
  }

  private static IllegalArgumentException none(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is neither an address nor a network such as 10.0.0.0/8");
  }

  /** That of so many bits in which an address is. */
  public static Network around(InetAddress address, int bits) {
    return new Network(masked(address, bits), bits);
  }

  /**
   * What counts as one source: an address; of IPv6 its first 64 bits, as whoever has one address
   * has all of them.
   */
  public static Network source(InetAddress address) {
    return around(address, sourceBits(address));
  }

  private static int sourceBits(InetAddress address) {
    return Math.min(bitsOf(address), BITS_OF_A_HOUSEHOLD);
  }

  /** The sources that are in it; if it is smaller than one, that one. */
  Network ofSources() {
    return bits > sourceBits(base) ? source(base) : this;
  }

  public boolean contains(InetAddress address) {
    return bitsOf(address) == bitsOf(base) && masked(address, bits).equals(base);
  }

  private static int bitsOf(InetAddress address) {
    return address.getAddress().length * Byte.SIZE;
  }

  private static InetAddress masked(InetAddress address, int bits) {
    byte[] bytes = address.getAddress();
    for (int i = 0; i < bytes.length; i++) {
      int kept = Math.clamp(bits - (long) i * Byte.SIZE, 0, Byte.SIZE);
      bytes[i] &= (byte) (0xFF << (Byte.SIZE - kept));
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
    }
  }

  /** As {@link #of} reads it. */
  @Override
  public String toString() {
    return bits == bitsOf(base) ? base.getHostAddress() : base.getHostAddress() + '/' + bits;
  }
}
