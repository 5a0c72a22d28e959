package io.vmqtt.testkit.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Connections from several addresses of this machine, over which nothing is said. */
public final class SilentCallers {
  private SilentCallers() {}

  /** Calls so often: so many times from 127.0.0.2, then as often from the next one, and so on. */
  public static List<Socket> at(int port, int count, int ofAnAddress) throws IOException {
    List<Socket> callers = new ArrayList<>();
    byte[] from = InetAddress.ofLiteral("127.0.0.2").getAddress();
    for (int i = 0; i < count; i++) {
      if (i > 0 && i % ofAnAddress == 0) {
        from[from.length - 1]++;
      }
      callers.add(
          new Socket(InetAddress.ofLiteral("127.0.0.1"), port, InetAddress.getByAddress(from), 0));
    }
    return callers;
  }
}
