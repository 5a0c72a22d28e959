package io.vmqtt.cluster.node;

import com.google.common.net.HostAndPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the address under which the others can reach this process. */
final class AdvertisedHost {
  private static final Logger log = LoggerFactory.getLogger(AdvertisedHost.class);

  private AdvertisedHost() {}

  /**
   * The local address from which this machine reaches {@code target}; nothing is sent. Where the
   * target's name is not known (it may not have started yet), the machine's own address.
   */
  static String facing(HostAndPort target) {
    InetSocketAddress remote = new InetSocketAddress(target.getHost(), target.getPort());
    if (!remote.isUnresolved()) {
      // "Connecting" a datagram socket only asks the routing table.
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.connect(remote);
        return socket.getLocalAddress().getHostAddress();
      } catch (IOException | UncheckedIOException e) {
        log.debug("No route to {}", target, e);
      }
    }
    return ofThisMachine();
  }

  private static String ofThisMachine() {
    try {
      return InetAddress.getLocalHost().getHostAddress();
    } catch (IOException e) {
      log.debug("This machine does not know its own name", e);
      return InetAddress.getLoopbackAddress().getHostAddress();
    }
  }
}
