package io.vmqtt.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Fills a broker: with persistent sessions that have three subscriptions each and are away, or with
 * retained messages; or looks whether it still has one in so many of them.
 *
 * <p>{@code java SizeLoad.java sessions|retained|look port=1883 count=1000000 threads=64}.
 */
public final class SizeLoad {
  private static final int READ_MILLIS = 60_000;
  private static final int PAYLOAD_BYTES = 64;
  private static final int UNDER_WAY = 200;
  private static final int LOOKED_AT = 200;
  private static final int SESSION_IS_PRESENT = 1;
  private static final int CONNACK = 2;
  private static final int PUBLISH = 3;
  private static final int PUBACK = 4;
  private static final int SUBACK = 9;

  private final int port;
  private final int count;
  private final int threads;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<IOException> failure = new AtomicReference<>();

  private SizeLoad(LoadOptions options) {
    port = options.number("port", 1883);
    count = options.number("count", 1_000_000);
    threads = options.number("threads", 64);
  }

  /** What to do, then {@code NAME=VALUE...}. */
  public static void main(String... words) throws Exception {
    SizeLoad load = new SizeLoad(new LoadOptions(List.of(words).subList(1, words.length)));
    long began = System.nanoTime();
    switch (words[0]) {
      case "sessions" -> load.inThreads(load::fillSessions);
      case "retained" -> load.inThreads(load::fillRetained);
      case "look" -> load.look();
      default -> throw new IllegalArgumentException("sessions, retained or look, not " + words[0]);
    }
    System.out.printf("%s=%d seconds=%.1f%n", words[0], load.count, (System.nanoTime() - began) / 1e9);
  }

  /** Work that each of the threads does. */
  private interface Work {
    void run() throws IOException;
  }

  private void inThreads(Work work) throws InterruptedException, IOException {
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      all.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      work.run();
                    } catch (IOException e) {
                      failure.compareAndSet(null, e);
                    }
                  }));
    }
    for (Thread thread : all) {
      thread.join();
    }
    IOException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  private void fillSessions() throws IOException {
    for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
      try (Client client = new Client("size-" + i, false)) {
        client.subscribe(
            "fleet/" + i / 1_000 + "/" + i + "/commands/+",
            "fleet/" + i / 1_000 + "/all/#",
            "fleet/all/firmware");
      }
    }
  }

  /** Each thread has a part of the topics, and some messages under way. */
  private void fillRetained() throws IOException {
    int part = next.getAndIncrement();
    try (Client client = new Client("size-retained-" + part, true)) {
      int waiting = 0;
      for (int i = part; i < count; i += threads) {
        client.publishRetained("fleet/" + i / 1_000 + "/" + i + "/state", i & 0x7FFF | 1);
        if (++waiting == UNDER_WAY) {
          client.acknowledged(waiting);
          waiting = 0;
        }
      }
      client.acknowledged(waiting);
    }
  }

  /** Of the sessions and of the retained messages, each in its turn; says what is not there. */
  private void look() throws IOException {
    int sessions = 0;
    int retained = 0;
    for (int n = 0; n < LOOKED_AT; n++) {
      int i = (int) ((long) n * count / LOOKED_AT);
      try (Client client = new Client("size-" + i, false)) {
        sessions += client.sessionPresent ? 1 : 0;
      }
      try (Client client = new Client("size-look-" + i, true)) {
        client.subscribe("fleet/" + i / 1_000 + "/" + i + "/state");
        retained += client.comesAtOnce() ? 1 : 0;
      }
    }
    System.out.printf("looked=%d sessions=%d retained=%d%n", LOOKED_AT, sessions, retained);
  }

  /** A connection that speaks MQTT 3.1.1 and waits for each answer. */
  private final class Client implements AutoCloseable {
    private static final int NOT_THERE_MILLIS = 3_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final DataOutputStream out;
    private final boolean sessionPresent;

    Client(String id, boolean clean) throws IOException {
      socket.connect(new InetSocketAddress("127.0.0.1", port), READ_MILLIS);
      socket.setSoTimeout(READ_MILLIS);
      socket.setTcpNoDelay(true);
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      text(body, "MQTT");
      body.write(new byte[] {4, (byte) (clean ? 2 : 0), 0, 0});
      text(body, id);
      send(0x10, body);
      out.flush();
      byte[] answer = read(CONNACK);
      if (answer[1] != 0) {
        throw new IOException("CONNACK of " + id + ": " + answer[1]);
      }
      sessionPresent = answer[0] == SESSION_IS_PRESENT;
    }

    void subscribe(String... filters) throws IOException {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      body.write(new byte[] {0, 1});
      for (String filter : filters) {
        text(body, filter);
        body.write(1);
      }
      send(0x82, body);
      out.flush();
      read(SUBACK);
    }

    void publishRetained(String topic, int packetId) throws IOException {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      text(body, topic);
      body.write(new byte[] {(byte) (packetId >> 8), (byte) packetId});
      body.write(new byte[PAYLOAD_BYTES]);
      send(0x33, body);
    }

    void acknowledged(int messages) throws IOException {
      out.flush();
      for (int i = 0; i < messages; i++) {
        read(PUBACK);
      }
    }

    /** Whether a message comes that was there before. */
    boolean comesAtOnce() throws IOException {
      socket.setSoTimeout(NOT_THERE_MILLIS);
      try {
        read(PUBLISH);
        return true;
      } catch (SocketTimeoutException e) {
        return false;
      }
    }

    private void send(int head, ByteArrayOutputStream body) throws IOException {
      out.write(head);
      int left = body.size();
      do {
        out.write(left > 0x7F ? left & 0x7F | 0x80 : left);
        left >>= 7;
      } while (left > 0);
      body.writeTo(out);
    }

    private byte[] read(int type) throws IOException {
      int head = in.readUnsignedByte();
      int length = 0;
      int shift = 0;
      int digit;
      do {
        digit = in.readUnsignedByte();
        length |= (digit & 0x7F) << shift;
        shift += 7;
      } while (digit > 0x7F);
      byte[] body = new byte[length];
      in.readFully(body);
      if (head >> 4 != type) {
        throw new IOException("a packet of type " + (head >> 4) + ", not " + type);
      }
      return body;
    }

    private static void text(ByteArrayOutputStream to, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      to.write(bytes.length >> 8);
      to.write(bytes.length);
      to.writeBytes(bytes);
    }

    @Override
    public void close() throws IOException {
      try (socket) {
        out.write(new byte[] {(byte) 0xE0, 0});
        out.flush();
      }
    }
  }
}
