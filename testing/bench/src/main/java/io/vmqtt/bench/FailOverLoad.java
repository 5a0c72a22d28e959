package io.vmqtt.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Pairs of a publisher and a persistent subscriber, QoS 1, at a steady rate, that do what MQTT wants
 * of clients when they are cut off: connect again, to the next address, and send again what was not
 * acknowledged. Tells how long nothing new arrived, and what was acknowledged and never arrived.
 *
 * <p>{@code java FailOverLoad.java addresses=127.0.0.1:1883,127.0.0.1:1884 pairs=20 rate=1000
 * seconds=30 ignore=3 drain=30}: the first three seconds do not count as pauses.
 */
public final class FailOverLoad {
  private static final int CONNECT_MILLIS = 5_000;
  private static final long AGAIN_NANOS = 50_000_000;
  private static final int PAYLOAD_BYTES = 256;

  private final List<InetSocketAddress> addresses;
  private final int pairs;
  private final long betweenNanos;
  private final int messages;
  private final long countFromNanos;
  private final long drainNanos;
  private final String run = Long.toHexString(System.nanoTime());
  private final AtomicInteger cuts = new AtomicInteger();
  private final AtomicInteger published = new AtomicInteger();

  private FailOverLoad(LoadOptions options) {
    addresses =
        Arrays.stream(options.text("addresses", "127.0.0.1:1883").split(",", -1))
            .map(FailOverLoad::address)
            .toList();
    pairs = options.number("pairs", 20);
    int rate = options.number("rate", 1000);
    betweenNanos = 1_000_000_000L * pairs / rate;
    messages = (int) ((long) options.number("seconds", 30) * rate / pairs);
    countFromNanos = options.number("ignore", 3) * 1_000_000_000L;
    drainNanos = options.number("drain", 30) * 1_000_000_000L;
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    return new InetSocketAddress(
        text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  /** {@code NAME=VALUE...}. */
  public static void main(String... words) throws Exception {
    new FailOverLoad(new LoadOptions(List.of(words))).run();
    System.exit(0); // threads that never heard of a message are left
  }

  private void run() throws InterruptedException {
    List<Pair> all = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      all.add(new Pair(i));
    }
    for (Pair pair : all) {
      Thread.ofPlatform().daemon().start(pair::subscribe);
    }
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!all.stream().allMatch(pair -> pair.subscribed)) {
      if (System.nanoTime() > deadline) {
        System.err.println("not all subscribers could subscribe within a minute");
        System.exit(2);
      }
      LockSupport.parkNanos(AGAIN_NANOS);
    }
    long begin = System.nanoTime();
    List<Thread> publishers = new ArrayList<>();
    for (Pair pair : all) {
      pair.begin = begin;
      publishers.add(Thread.ofPlatform().daemon().start(pair::publish));
    }
    for (Thread publisher : publishers) {
      publisher.join();
    }
    deadline = System.nanoTime() + drainNanos;
    while (System.nanoTime() < deadline && all.stream().anyMatch(pair -> pair.missing() > 0)) {
      LockSupport.parkNanos(AGAIN_NANOS);
    }
    long[] pauses = all.stream().mapToLong(pair -> pair.longestPause).sorted().toArray();
    System.out.printf(
        "longest_pause_ms=%d median_pause_ms=%d cut_off=%d published=%d unacknowledged=%d"
            + " acknowledged_and_missing=%d%n",
        pauses[pairs - 1] / 1_000_000,
        pauses[pairs / 2] / 1_000_000,
        cuts.get(),
        published.get(),
        all.stream().mapToInt(pair -> pair.unacknowledged.size()).sum(),
        all.stream().mapToInt(Pair::missing).sum());
  }

  /** One topic. */
  private final class Pair {
    private final int number;
    private final String topic;
    private final BitSet arrived = new BitSet();
    private final BitSet acknowledged = new BitSet();
    private final Map<Integer, Integer> unacknowledged = new ConcurrentSkipListMap<>();
    private volatile boolean subscribed;
    private volatile long begin;
    private volatile long longestPause;
    private long lastArrival;

    Pair(int number) {
      this.number = number;
      this.topic = "fail-over-" + run + "/" + number;
    }

    synchronized int missing() {
      BitSet missing = (BitSet) acknowledged.clone();
      missing.andNot(arrived);
      return missing.cardinality();
    }

    void subscribe() {
      for (int turn = number; ; turn++) {
        try (Link link = new Link(turn, "s" + number + "-" + run, false)) {
          link.subscribe(topic);
          while (true) {
            Link.Packet packet = link.read();
            if (packet.type() == 9) {
              subscribed = true;
            } else if (packet.type() == 3) {
              arrive(packet.message());
              link.acknowledge(packet.id());
            }
          }
        } catch (IOException e) {
          again(subscribed);
        }
      }
    }

    private synchronized void arrive(int message) {
      long now = System.nanoTime();
      if (arrived.get(message)) {
        return;
      }
      arrived.set(message);
      if (lastArrival != 0 && lastArrival - begin > countFromNanos) {
        longestPause = Math.max(longestPause, now - lastArrival);
      }
      lastArrival = now;
    }

    private synchronized void acknowledge(int message) {
      acknowledged.set(message);
    }

    void publish() {
      int next = 0;
      long giveUp = begin + messages * betweenNanos + drainNanos;
      for (int turn = number; System.nanoTime() < giveUp; turn++) {
        try (Link link = new Link(turn, "p" + number + "-" + run, true)) {
          Thread reader = Thread.ofPlatform().daemon().start(() -> readAcknowledgements(link));
          for (int message : unacknowledged.keySet()) {
            link.publish(topic, message, true);
          }
          while (next < messages && link.open) {
            pauseUntil(begin + next * betweenNanos);
            int message = next++; // even if it fails: then it is sent again
            unacknowledged.put(message, message);
            published.incrementAndGet();
            link.publish(topic, message, false);
          }
          while (next == messages && link.open && System.nanoTime() < giveUp) {
            if (unacknowledged.isEmpty()) {
              return;
            }
            LockSupport.parkNanos(AGAIN_NANOS);
          }
          reader.interrupt();
        } catch (IOException e) {
          // what was to be said is said below
        }
        again(true);
      }
    }

    private void readAcknowledgements(Link link) {
      try {
        while (true) {
          Link.Packet packet = link.read();
          if (packet.type() == 4) {
            int message = packet.id() - 1; // messages are fewer than packet identifiers
            acknowledge(message);
            unacknowledged.remove(message);
          }
        }
      } catch (IOException e) {
        link.open = false;
      }
    }
  }

  private void again(boolean isCut) {
    if (isCut) {
      cuts.incrementAndGet();
    }
    LockSupport.parkNanos(AGAIN_NANOS);
  }

  private static void pauseUntil(long nanos) {
    for (long rest = nanos - System.nanoTime(); rest > 0; rest = nanos - System.nanoTime()) {
      LockSupport.parkNanos(rest);
    }
  }

  /** A connection of MQTT 3.1.1. */
  private final class Link implements AutoCloseable {
    /** What was read of a packet; the message only of PUBLISH. */
    record Packet(int type, int id, int message) {}

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final DataOutputStream out;
    private volatile boolean open = true;

    Link(int turn, String client, boolean clean) throws IOException {
      try {
        socket.setTcpNoDelay(true);
        socket.connect(addresses.get(turn % addresses.size()), CONNECT_MILLIS);
        socket.setSoTimeout(CONNECT_MILLIS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = new DataOutputStream(socket.getOutputStream());
        ByteArrayOutputStream connect = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(connect);
        fields.writeUTF("MQTT");
        fields.write(new byte[] {4, (byte) (clean ? 2 : 0), 0, 0});
        fields.writeUTF(client);
        send(0x10, connect.toByteArray());
        if ((read().id() & 255) != 0) {
          throw new IOException("the connection is refused");
        }
        socket.setSoTimeout(0);
      } catch (IOException | RuntimeException e) {
        socket.close();
        throw e;
      }
    }

    private synchronized void send(int head, byte[] body) throws IOException {
      ByteArrayOutputStream packet = new ByteArrayOutputStream();
      packet.write(head);
      int rest = body.length;
      do {
        packet.write(rest % 128 + (rest >= 128 ? 128 : 0));
        rest /= 128;
      } while (rest > 0);
      packet.write(body);
      out.write(packet.toByteArray());
    }

    void subscribe(String topic) throws IOException {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      DataOutputStream fields = new DataOutputStream(body);
      fields.writeShort(1);
      fields.writeUTF(topic);
      fields.write(1);
      send(0x82, body.toByteArray());
    }

    void publish(String topic, int message, boolean again) throws IOException {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      DataOutputStream fields = new DataOutputStream(body);
      fields.writeUTF(topic);
      fields.writeShort(message + 1);
      fields.writeInt(message);
      fields.write(new byte[PAYLOAD_BYTES - Integer.BYTES]);
      send(again ? 0x3a : 0x32, body.toByteArray());
    }

    void acknowledge(int id) throws IOException {
      send(0x40, new byte[] {(byte) (id >> 8), (byte) id});
    }

    /** The next packet; CONNACK has its return code in place of an identifier. */
    Packet read() throws IOException {
      int head = in.readUnsignedByte();
      int length = 0;
      int shift = 0;
      int part;
      do {
        part = in.readUnsignedByte();
        length |= (part & 127) << shift;
        shift += 7;
      } while (part >= 128);
      byte[] body = in.readNBytes(length);
      if (head >> 4 != 3) {
        return new Packet(head >> 4, length < 2 ? 0 : (body[0] & 255) << 8 | body[1] & 255, -1);
      }
      int at = 2 + ((body[0] & 255) << 8 | body[1] & 255);
      int id = (body[at] & 255) << 8 | body[at + 1] & 255;
      int payload = at + 2;
      return new Packet(
          3,
          id,
          (body[payload] & 255) << 24
              | (body[payload + 1] & 255) << 16
              | (body[payload + 2] & 255) << 8
              | body[payload + 3] & 255);
    }

    @Override
    public void close() throws IOException {
      open = false;
      socket.close();
    }
  }
}
