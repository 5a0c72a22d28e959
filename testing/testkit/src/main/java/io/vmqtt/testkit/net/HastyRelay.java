package io.vmqtt.testkit.net;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a broker one that acknowledges before it has anything safe: answers every PUBLISH of QoS 1
 * itself, at once, and passes it on. For one client; what a checker makes of such a broker shows
 * whether the checker is worth anything.
 */
public final class HastyRelay implements AutoCloseable {
  private static final int PUBLISH = 3;
  private static final int PUBACK = 4;
  private static final int LENGTH_BITS = 7;
  private static final int MORE = 0x80;

  private final ServerSocket listener;
  private final Address broker;
  private volatile @Nullable Socket client;
  private volatile @Nullable Socket server;

  /** Listens on a free port and passes on to {@code broker}. */
  public HastyRelay(Address broker) {
    this.broker = broker;
    try {
      this.listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("hasty-relay").start(this::accept);
  }

  /** Where the client finds it. */
  public Address address() {
    return Address.local(listener.getLocalPort());
  }

  private void accept() {
    try {
      Socket from = listener.accept();
      client = from;
      Socket to = new Socket(broker.host(), broker.port());
      server = to;
      Thread.ofVirtual().name("hasty-relay-down").start(() -> pump(to, from, null));
      pump(from, to, from);
    } catch (IOException e) {
      close();
    }
  }

  /** Passes packets on until one side ends; with {@code hasty}, answers publishes there. */
  private void pump(Socket from, Socket to, @Nullable Socket hasty) {
    try {
      DataInputStream in = new DataInputStream(new BufferedInputStream(from.getInputStream()));
      while (true) {
        byte[] packet = read(in);
        int type = (packet[0] & 0xff) >> 4;
        if (hasty != null && type == PUBLISH && ((packet[0] >> 1) & 3) == 1) {
          acknowledge(packet, hasty);
        }
        if (hasty != null || type != PUBACK) {
          write(to, packet);
        }
      }
    } catch (IOException e) {
      // One side is gone.
    }
    close();
  }

  private static byte[] read(DataInputStream in) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(5).put(in.readByte());
    int length = 0;
    int shift = 0;
    byte next;
    do {
      next = in.readByte();
      header.put(next);
      length |= (next & ~MORE) << shift;
      shift += LENGTH_BITS;
    } while ((next & MORE) != 0);
    byte[] packet = new byte[header.position() + length];
    header.flip().get(packet, 0, packet.length - length);
    in.readFully(packet, packet.length - length, length);
    return packet;
  }

  private static void acknowledge(byte[] publish, Socket to) throws IOException {
    int at = 1;
    while ((publish[at] & MORE) != 0) {
      at++;
    }
    at++;
    int topicLength = ((publish[at] & 0xff) << 8) | (publish[at + 1] & 0xff);
    at += 2 + topicLength;
    write(to, new byte[] {(byte) (PUBACK << 4), 2, publish[at], publish[at + 1]});
  }

  private static void write(Socket to, byte[] packet) throws IOException {
    OutputStream out = to.getOutputStream();
    synchronized (to) {
      out.write(packet);
    }
  }

  @Override
  public void close() {
    for (AutoCloseable one : new AutoCloseable[] {listener, client, server}) {
      try {
        if (one != null) {
          one.close();
        }
      } catch (Exception e) {
        // Nothing more can be done to a socket than to close it.
      }
    }
  }
}
