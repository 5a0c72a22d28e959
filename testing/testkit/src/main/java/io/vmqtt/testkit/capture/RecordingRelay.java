package io.vmqtt.testkit.capture;

import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.RelaySockets;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.RawPacket;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in front of several brokers that are one to clients: passes each connection on to the next
 * that is there, packet by packet, and writes every packet down before it passes it on. So a packet
 * that answers another stands behind it in the capture.
 *
 * <p>When a broker is gone, its client still gets all that the broker had sent.
 */
public final class RecordingRelay implements AutoCloseable {
  private final RelaySockets sockets;
  private final List<Address> brokers;
  private final long beginNanos = System.nanoTime();
  private final List<CapturedPacket> packets = new ArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  /** Listens on a free port. */
  public RecordingRelay(List<Address> brokers) {
    this.brokers = List.copyOf(brokers);
    this.sockets = new RelaySockets(this::connect);
  }

  /** Where clients find the relay. */
  public Address address() {
    return sockets.address();
  }

  /**
   * Tries the broker and the clients for what has passed so far.
   *
   * @param handedOver see {@link QosTwoTrial}
   */
  public QosTwoTrial trial(String publisher, String subscriber, List<String> handedOver) {
    return new QosTwoTrial(capture(), publisher, subscriber, handedOver);
  }

  /** Whether a client has got a SUBACK. */
  public boolean hasSubscribed(String client) {
    return capture().stream()
        .anyMatch(packet -> packet.client().equals(client) && packet.is(PacketType.SUBACK));
  }

  /** Writes down for people what has passed so far, a line for each packet. */
  public void writeTo(Path file) {
    try {
      Files.write(file, capture().stream().map(CapturedPacket::toString).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<CapturedPacket> capture() {
    synchronized (packets) {
      return List.copyOf(packets);
    }
  }

  private void connect(Socket client) {
    int number = connections.incrementAndGet();
    for (int i = 0; i < brokers.size(); i++) {
      Address broker = brokers.get((number + i) % brokers.size());
      try {
        new Connection(number, client, sockets.open(client, broker)).start();
        return;
      } catch (IOException e) {
        // It is away: the next one, then.
      }
    }
    sockets.close(client);
  }

  /** One connection of a client, and that to the broker. */
  private final class Connection {
    private final int number;
    private final Socket client;
    private final Socket broker;
    private volatile String clientId = "";
    private volatile int protocolLevel;

    Connection(int number, Socket client, Socket broker) {
      this.number = number;
      this.client = client;
      this.broker = broker;
    }

    void start() {
      Thread.ofVirtual().name("relay-up").start(this::pumpUp);
      Thread.ofVirtual().name("relay-down").start(this::pumpDown);
    }

    private void pumpUp() {
      pump(client, broker, true);
      sockets.close(broker);
      sockets.close(client);
    }

    private void pumpDown() {
      pump(broker, client, false);
      sockets.close(broker);
      try {
        // Whatever was passed on is read by the client before it sees the end.
        client.shutdownOutput();
      } catch (IOException e) {
        sockets.close(client);
      }
    }

    private void pump(Socket from, Socket to, boolean fromClient) {
      try {
        DataInputStream in = new DataInputStream(new BufferedInputStream(from.getInputStream()));
        OutputStream out = to.getOutputStream();
        for (Optional<RawPacket> next = RawPacket.read(in);
            next.isPresent();
            next = RawPacket.read(in)) {
          RawPacket packet = next.get();
          if (packet.type() == PacketType.CONNECT) {
            clientId = packet.clientId();
            protocolLevel = packet.protocolLevel();
          }
          record(packet, fromClient);
          out.write(packet.encoded());
        }
      } catch (IOException e) {
        // One side is gone: the other hears of it now.
      }
    }

    private void record(RawPacket packet, boolean fromClient) {
      synchronized (packets) {
        long millis = (System.nanoTime() - beginNanos) / 1_000_000;
        packets.add(
            new CapturedPacket(clientId, number, fromClient, protocolLevel, millis, packet));
      }
    }
  }

  @Override
  public void close() {
    sockets.close();
  }
}
