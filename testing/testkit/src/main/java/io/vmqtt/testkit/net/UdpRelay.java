package io.vmqtt.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What a network address translator is to one client of UDP: it can give it another port. */
public final class UdpRelay implements AutoCloseable {
  private final SocketAddress server;
  private final AtomicInteger left;
  private final DatagramSocket front = socket(InetAddress.getLoopbackAddress());
  private volatile DatagramSocket back = socket(InetAddress.getLoopbackAddress());
  private volatile @Nullable SocketAddress client;
  private volatile byte[] last = {};

  /** To that port of this machine. */
  public UdpRelay(int serverPort) {
    this(serverPort, Integer.MAX_VALUE);
  }

  /** The same, for so many datagrams of the client; others are lost. */
  public UdpRelay(int serverPort, int datagrams) {
    left = new AtomicInteger(datagrams);
    server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
    Thread.ofVirtual().start(() -> pass(front, true));
    DatagramSocket first = back;
    Thread.ofVirtual().start(() -> pass(first, false));
  }

  private static DatagramSocket socket(InetAddress at) {
    try {
      return new DatagramSocket(0, at);
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void pass(DatagramSocket from, boolean isFront) {
    DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
    try {
      while (true) {
        packet.setLength(65_535);
        from.receive(packet);
        SocketAddress known = client;
        if (!isFront && known != null) {
          packet.setSocketAddress(known);
          front.send(packet);
        } else if (isFront && left.getAndDecrement() > 0) {
          client = packet.getSocketAddress();
          last = Arrays.copyOf(packet.getData(), packet.getLength());
          packet.setSocketAddress(server);
          back.send(packet);
        }
      }
    } catch (IOException e) {
      // The end, or another port: what is under way is lost, as such things are.
    }
  }

  /** Where the client finds it. */
  public int port() {
    return front.getLocalPort();
  }

  /** What the client has sent last. */
  public byte[] last() {
    return last;
  }

  /** Where the server sees the client. */
  public int seenPort() {
    return back.getLocalPort();
  }

  /** From now on the server sees it at another port; nothing comes to the old one any more. */
  public void move() {
    move(InetAddress.getLoopbackAddress());
  }

  /** The same, and at another address of this machine. */
  public void move(InetAddress to) {
    DatagramSocket old = back;
    DatagramSocket next = socket(to);
    back = next;
    Thread.ofVirtual().start(() -> pass(next, false));
    old.close();
  }

  @Override
  public void close() {
    front.close();
    back.close();
  }
}
