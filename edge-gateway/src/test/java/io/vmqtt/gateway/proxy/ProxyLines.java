package io.vmqtt.gateway.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Headers of version 1 of the PROXY protocol, and a slow reader of them: section 2.1. */
final class ProxyLines {
  static final List<String> VALID =
      List.of(
          "PROXY TCP4 192.0.2.1 10.0.0.1 60000 1883\r\n",
          "PROXY TCP4 255.255.255.255 0.0.0.0 65535 1\r\n",
          "PROXY TCP6 2001:db8::1 2001:db8::2 60000 1883\r\n",
          "PROXY TCP6 2001:db8:1:2:3:4:5:6 ::1 1 1883\r\n",
          "PROXY UNKNOWN\r\n",
          "PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n");

  /** What may stand, or must not, in place of a field. */
  static final List<String> OTHERS =
      List.of(
          "",
          " ",
          "PROXY",
          "proxy",
          "TCP4",
          "TCP6",
          "TCP5",
          "tcp4",
          "UDP4",
          "UNKNOWN",
          "192.0.2.7",
          "192.0.2",
          "192.0.2.256",
          "192.0.2.01",
          "192.0.2.1.1",
          "3221225985",
          "0x7f.0.0.1",
          "2001:db8::7",
          "2001:db8",
          "2001:db8::7::1",
          "1:2:3:4:5:6:7:8:9",
          "::ffff:192.0.2.7",
          "fe80::1%eth0",
          "[::1]",
          "::",
          "localhost",
          "0",
          "00",
          "+1",
          "-1",
          "1",
          "01883",
          "65535",
          "65536",
          "4294967297",
          "99999999999999999999",
          "1e3",
          "0x10",
          "\u00b2",
          "\t",
          "\0",
          "\r",
          "\n",
          "\r\n");

  private static final Pattern UNKNOWN = Pattern.compile("PROXY UNKNOWN( .*)?", Pattern.DOTALL);
  private static final Pattern TCP =
      Pattern.compile("PROXY TCP([46]) (\\S+) (\\S+) ([+-]?\\d+) ([+-]?\\d+) *");
  private static final Pattern PORT = Pattern.compile("[1-9]\\d{0,4}");
  private static final String BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern IPV4 = Pattern.compile(BYTE + "(?:\\." + BYTE + "){3}");
  private static final String LAX_BYTE = "0{0,2}" + BYTE;
  private static final Pattern LAX_IPV4 = Pattern.compile(LAX_BYTE + "(?:\\." + LAX_BYTE + "){3}");
  private static final Pattern PLAIN_IPV6 = Pattern.compile("[0-9a-fA-F:]+");
  private static final int MOST_PORT = 65_535;

  private ProxyLines() {}

  /** What the protocol says about a line. */
  enum Verdict {
    /** It is one. */
    GOOD,
    /** It is none to the letter, such as a number with a zero before it: it may be refused. */
    LAX,
    /** Nobody may be taken for a client, or for the proxy, because of it. */
    WRONG
  }

  /**
   * What a line says.
   *
   * @param client null: it speaks of nobody, or it is wrong
   */
  record Meaning(Verdict verdict, @Nullable InetSocketAddress client) {
    static final Meaning WRONG = new Meaning(Verdict.WRONG, null);
  }

  /** Each valid line, with each of its fields, and each space, replaced by each of the others. */
  static List<String> withOneFieldChanged() {
    List<String> changed = new ArrayList<>(VALID);
    for (String line : VALID) {
      Matcher field = Pattern.compile("[^ \r\n]+|[ \r\n]+").matcher(line);
      while (field.find()) {
        for (String other : OTHERS) {
          changed.add(line.substring(0, field.start()) + other + line.substring(field.end()));
        }
      }
    }
    return List.copyOf(changed);
  }

  /** What a header says that ends with the first end of a line. */
  static Meaning read(String header) {
    int end = header.indexOf("\r\n");
    if (end < 0) {
      return Meaning.WRONG;
    }
    String line = header.substring(0, end);
    if (UNKNOWN.matcher(line).matches()) {
      return new Meaning(line.equals("PROXY UNKNOWN") ? Verdict.GOOD : Verdict.LAX, null);
    }
    Matcher tcp = TCP.matcher(line);
    if (!tcp.matches()) {
      return Meaning.WRONG;
    }
    boolean isIpv4 = tcp.group(1).equals("4");
    InetAddress from = address(tcp.group(2), isIpv4);
    int port = port(tcp.group(4));
    if (from == null || address(tcp.group(3), isIpv4) == null) {
      return Meaning.WRONG;
    }
    if (port < 0 || port(tcp.group(5)) < 0) {
      return Meaning.WRONG;
    }
    boolean isGood =
        !line.endsWith(" ")
            && PORT.matcher(tcp.group(4)).matches()
            && PORT.matcher(tcp.group(5)).matches()
            && isPlain(tcp.group(2))
            && isPlain(tcp.group(3));
    return new Meaning(isGood ? Verdict.GOOD : Verdict.LAX, new InetSocketAddress(from, port));
  }

  private static boolean isPlain(String address) {
    return IPV4.matcher(address).matches() || PLAIN_IPV6.matcher(address).matches();
  }

  private static @Nullable InetAddress address(String text, boolean isIpv4) {
    if (isIpv4 ? !LAX_IPV4.matcher(text).matches() : text.indexOf(':') < 0) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** -1: it is none. */
  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      return port <= MOST_PORT ? Math.max(-1, port) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
