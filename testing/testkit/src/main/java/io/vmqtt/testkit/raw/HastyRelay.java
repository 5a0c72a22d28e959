package io.vmqtt.testkit.raw;

import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.RelaySockets;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;

/**
 * Makes a broker one that acknowledges before it has anything safe: answers every PUBLISH of QoS 1
 * itself, at once, and passes it on. For one client; what a checker makes of such a broker shows
 * whether the checker is worth anything.
 */
public final class HastyRelay implements AutoCloseable {
  private static final int PUBACK = 0x40;

  private final Address broker;
  private final RelaySockets sockets;

  /** Listens on a free port and passes on to {@code broker}. */
  public HastyRelay(Address broker) {
    this.broker = broker;
    this.sockets = new RelaySockets(this::connect);
  }

  /** Where the client finds it. */
  public Address address() {
    return sockets.address();
  }

  private void connect(Socket client) {
    try {
      Socket server = sockets.open(client, broker);
      Thread.ofVirtual().name("relay-down").start(() -> pump(server, client, false));
      pump(client, server, true);
    } catch (IOException e) {
      close();
    }
  }

  /** Passes packets on until one side ends; those of the client are answered, too. */
  private void pump(Socket from, Socket to, boolean fromClient) {
    try {
      DataInputStream in = new DataInputStream(new BufferedInputStream(from.getInputStream()));
      for (Optional<RawPacket> next = RawPacket.read(in);
          next.isPresent();
          next = RawPacket.read(in)) {
        RawPacket packet = next.get();
        if (fromClient && packet.type() == PacketType.PUBLISH && packet.qos() == 1) {
          write(from, new PacketBytes().twoBytes(packet.packetId()).packet(PUBACK));
        }
        if (fromClient || packet.type() != PacketType.PUBACK) {
          write(to, packet.encoded());
        }
      }
    } catch (IOException e) {
      // One side is gone.
    }
    close();
  }

  /** Answers, and what the broker sends, do not come between one another. */
  private static void write(Socket to, byte[] packet) throws IOException {
    synchronized (to) {
      to.getOutputStream().write(packet);
    }
  }

  @Override
  public void close() {
    sockets.close();
  }
}
