package io.vmqtt.bench;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Loads a broker over TCP, TLS or WebSockets, and tells what its process pays. Needs nothing but a
 * JDK, which compiles what it needs beside it: {@code java TransportLoad.java messages transport=tls port=8883 ca=ca.pem qos=1 pid=4711}.
 *
 * <ul>
 *   <li>{@code messages}: pairs of a publisher and a subscriber, at most a window of messages under
 *       way in each; prints processor microseconds of the broker per message received.
 *   <li>{@code handshakes}: connections of TLS one after the other in several threads, full ones or
 *       ({@code resume=yes}) such as take up a session again; each sends CONNECT and reads CONNACK.
 *   <li>{@code idle}: holds connections; prints what the broker's memory has grown by: what is
 *       resident and, of a JVM, whose heap has to be resident from the start, the live objects.
 * </ul>
 */
public final class TransportLoad {
  private final LoadOptions options;
  private final BrokerCost cost;
  private final String host;
  private final int port;
  private final boolean tls;
  private final boolean webSocket;
  private final String pid;

  private TransportLoad(List<String> words) {
    options = new LoadOptions(words);
    cost = new BrokerCost(options);
    String transport = options.text("transport", "tcp");
    if (!List.of("tcp", "tls", "ws", "wss").contains(transport)) {
      throw new IllegalArgumentException("transport=" + transport + " is none of tcp, tls, ws, wss");
    }
    host = options.text("host", "127.0.0.1");
    port = options.number("port", 1883);
    tls = transport.equals("tls") || transport.equals("wss");
    webSocket = transport.startsWith("ws");
    pid = options.text("pid", "");
  }

  /** {@code messages|handshakes|idle NAME=VALUE...}. */
  public static void main(String... words) throws Exception {
    List<String> all = List.of(words);
    String mode = all.isEmpty() ? "" : all.get(0);
    TransportLoad load = new TransportLoad(all.isEmpty() ? all : all.subList(1, all.size()));
    switch (mode) {
      case "messages" -> load.messages();
      case "handshakes" -> load.handshakes();
      case "idle" -> load.idle();
      default -> {
        System.err.println("messages, handshakes or idle, not \"" + mode + "\"");
        System.exit(2);
      }
    }
    System.exit(0);
  }

  // --- messages ---

  private void messages() throws Exception {
    int rate = options.number("rate", 0);
    int pairCount = options.number("pairs", 10);
    List<Pair> pairs = new ArrayList<>();
    SSLContext context = tls ? trusting() : null;
    for (int i = 0; i < pairCount; i++) {
      pairs.add(new Pair(context, i, rate / (double) pairCount));
    }
    pairs.forEach(Pair::start);
    cost.print("message", () -> received(pairs));
  }

  private static long received(List<Pair> pairs) {
    return pairs.stream().mapToLong(pair -> pair.received.get()).sum();
  }

  private final class Pair {
    final AtomicLong received = new AtomicLong();
    private final Semaphore room = new Semaphore(options.number("window", 64));
    private final Semaphore unanswered = new Semaphore(options.number("window", 64));
    private final int qos = options.number("qos", 0);
    private final double rate;
    private final Client publisher;
    private final Client subscriber;
    private final byte[] topic;

    Pair(SSLContext context, int number, double rate) throws IOException {
      this.rate = rate;
      topic = ("bench/transport/" + number).getBytes(StandardCharsets.UTF_8);
      subscriber = new Client(context, "sub-" + number);
      publisher = new Client(context, "pub-" + number);
      Packet subscribe = new Packet(0x82).shortOf(1).text(topic).byteOf(qos);
      subscriber.send(subscribe.bytes());
      subscriber.expect(0x90);
    }

    void start() {
      daemon(this::publish);
      daemon(this::take);
      if (qos > 0) {
        daemon(this::takeAnswers);
      }
    }

    private void publish() throws IOException {
      byte[] payload = new byte[options.number("bytes", 256)];
      ThreadLocalRandom.current().nextBytes(payload);
      ByteArrayOutputStream batch = new ByteArrayOutputStream();
      long due = System.nanoTime();
      for (int packetId = 1; ; ) {
        room.acquireUninterruptibly();
        int count = rate > 0 ? 1 : 1 + room.drainPermits();
        if (rate > 0) {
          due += (long) (1e9 / rate);
          for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
          }
        }
        batch.reset();
        for (int i = 0; i < count; i++) {
          Packet packet = new Packet(0x30 | qos << 1).text(topic);
          if (qos > 0) {
            unanswered.acquireUninterruptibly();
            packet.shortOf(packetId);
            packetId = packetId % 65_535 + 1;
          }
          packet.rest(payload).writeTo(batch);
        }
        publisher.send(batch.toByteArray());
      }
    }

    private void take() throws IOException {
      ByteArrayOutputStream answers = new ByteArrayOutputStream();
      while (true) {
        int count = 0;
        answers.reset();
        do {
          byte[] body = subscriber.expect(0x30);
          if (qos > 0) {
            int at = 2 + topic.length;
            answers.write(0x40);
            answers.write(2);
            answers.write(body, at, 2);
          }
          count++;
        } while (subscriber.hasMore());
        received.addAndGet(count);
        room.release(count);
        if (qos > 0) {
          subscriber.send(answers.toByteArray());
        }
      }
    }

    private void takeAnswers() throws IOException {
      while (true) {
        publisher.expect(0x40);
        unanswered.release();
      }
    }
  }

  // --- handshakes ---

  private void handshakes() throws Exception {
    boolean resume = options.text("resume", "no").equals("yes");
    AtomicLong done = new AtomicLong();
    for (int i = 0; i < options.number("threads", 4); i++) {
      int thread = i;
      SSLContext kept = trusting();
      daemon(
          () -> {
            while (true) {
              SSLContext context = resume ? kept : trusting();
              new Client(context, "handshake-" + thread).close();
              done.incrementAndGet();
            }
          });
    }
    cost.print("handshake", done::get);
  }

  // --- idle connections ---

  private void idle() throws Exception {
    int count = options.number("count", 5000);
    SSLContext context = tls ? trusting() : null;
    List<Client> few = connected(context, options.number("warmup", 500));
    closeAll(few);
    Thread.sleep(2000);
    long before = residentKilobytes() + liveKilobytes();
    List<Client> clients = connected(context, count);
    Thread.sleep(2000);
    long grown = residentKilobytes() + liveKilobytes() - before;
    System.out.printf("connections=%d kb_per_connection=%.2f%n", count, grown / (double) count);
    closeAll(clients);
  }

  private List<Client> connected(SSLContext context, int count) throws IOException {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(new Client(context, "idle-" + i));
    }
    return clients;
  }

  private static void closeAll(List<Client> clients) throws IOException {
    for (Client client : clients) {
      client.close();
    }
  }

  // --- one client of MQTT 3.1.1 ---

  private final class Client {
    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;
    private final Buffered buffered;

    Client(SSLContext context, String clientId) throws IOException {
      socket = context == null ? new Socket(host, port) : context.getSocketFactory().createSocket(host, port);
      socket.setTcpNoDelay(true);
      if (socket instanceof SSLSocket secure) {
        secure.startHandshake();
      }
      out = socket.getOutputStream();
      InputStream bytes = socket.getInputStream();
      if (webSocket) {
        upgrade(bytes);
        bytes = new Unframed(bytes);
      }
      buffered = new Buffered(bytes);
      in = new DataInputStream(buffered);
      byte[] protocol = "MQTT".getBytes(StandardCharsets.UTF_8);
      Packet connect = new Packet(0x10).text(protocol).byteOf(4).byteOf(2).shortOf(600);
      send(connect.text(clientId.getBytes(StandardCharsets.UTF_8)).bytes());
      byte[] answer = expect(0x20);
      if (answer[1] != 0) {
        throw new IOException("CONNACK " + answer[1]);
      }
    }

    private void upgrade(InputStream bytes) throws IOException {
      String request =
          "GET /mqtt HTTP/1.1\r\nHost: " + host + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: mqtt\r\n"
              + "Sec-WebSocket-Version: 13\r\n\r\n";
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = bytes.read();
        if (next < 0) {
          throw new EOFException("no WebSocket: " + head);
        }
        head.append((char) next);
      }
      if (!head.toString().startsWith("HTTP/1.1 101")) {
        throw new IOException("no WebSocket: " + head);
      }
    }

    /** Sends packets in one write, and in one frame where frames are needed. */
    void send(byte[] packets) throws IOException {
      out.write(webSocket ? framed(packets) : packets);
      out.flush();
    }

    /** Reads a packet that must have this type; its body. */
    byte[] expect(int type) throws IOException {
      int first = in.readUnsignedByte();
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
      if ((first & 0xF0) != type) {
        throw new IOException("packet 0x%02x instead of 0x%02x".formatted(first, type));
      }
      return body;
    }

    /** Whether a part of another packet has been read already. */
    boolean hasMore() {
      return buffered.hasMore();
    }

    void close() throws IOException {
      socket.close();
    }
  }

  private static byte[] framed(byte[] content) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(content.length + 14);
    frame.write(0x82);
    if (content.length < 126) {
      frame.write(0x80 | content.length);
    } else if (content.length < 1 << 16) {
      frame.write(0x80 | 126);
      frame.write(content.length >> 8);
      frame.write(content.length);
    } else {
      frame.write(0x80 | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) content.length >> shift));
      }
    }
    byte[] mask = new byte[4];
    ThreadLocalRandom.current().nextBytes(mask);
    frame.write(mask);
    for (int i = 0; i < content.length; i++) {
      frame.write(content[i] ^ mask[i & 3]);
    }
    return frame.toByteArray();
  }

  /** What is in frames of a server. */
  private static final class Unframed extends InputStream {
    private final DataInputStream frames;
    private long left;

    Unframed(InputStream frames) {
      this.frames = new DataInputStream(new Buffered(frames));
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      while (left == 0) {
        int kind = frames.readUnsignedByte() & 0x0F;
        int size = frames.readUnsignedByte();
        left = size < 126 ? size : size == 126 ? frames.readUnsignedShort() : frames.readLong();
        if (kind > 2) {
          frames.skipNBytes(left);
          left = 0;
        }
      }
      int count = frames.read(into, offset, (int) Math.min(length, left));
      left -= Math.max(count, 0);
      return count;
    }
  }

  /** A buffer that tells whether it has something. */
  private static final class Buffered extends java.io.BufferedInputStream {
    Buffered(InputStream in) {
      super(in, 64 << 10);
    }

    boolean hasMore() {
      return pos < count;
    }
  }

  /** A packet in the making. */
  private static final class Packet {
    private final int first;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    Packet(int first) {
      this.first = first;
    }

    Packet byteOf(int value) {
      body.write(value);
      return this;
    }

    Packet shortOf(int value) {
      return byteOf(value >> 8).byteOf(value);
    }

    Packet text(byte[] text) {
      shortOf(text.length);
      return rest(text);
    }

    Packet rest(byte[] bytes) {
      body.writeBytes(bytes);
      return this;
    }

    void writeTo(ByteArrayOutputStream out) {
      out.write(first);
      int length = body.size();
      do {
        out.write(length > 0x7F ? length & 0x7F | 0x80 : length);
        length >>= 7;
      } while (length > 0);
      out.writeBytes(body.toByteArray());
    }

    byte[] bytes() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      writeTo(out);
      return out.toByteArray();
    }
  }

  // --- around ---

  private SSLContext trusting() throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream ca = Files.newInputStream(Path.of(options.text("ca", "ca.pem")))) {
      trusted.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(ca));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance(options.text("protocol", "TLS"));
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private long residentKilobytes() {
    String line = cost.procFile("status").lines().filter(one -> one.startsWith("VmRSS:")).findFirst().orElseThrow();
    return Long.parseLong(line.replaceAll("[^0-9]", ""));
  }

  /** Of live objects, after a full collection; 0 where the broker is no JVM. */
  private long liveKilobytes() throws IOException {
    Path jcmd = Path.of("/proc", pid, "exe").toRealPath().resolveSibling("jcmd");
    if (!Files.isExecutable(jcmd)) {
      return 0;
    }
    Process histogram = new ProcessBuilder(jcmd.toString(), pid, "GC.class_histogram").start();
    try (var lines = histogram.inputReader()) {
      String total = lines.lines().filter(line -> line.startsWith("Total")).findFirst().orElseThrow();
      return Long.parseLong(total.trim().split(" +")[2]) >> 10;
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void daemon(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Exception e) {
                System.err.println("the load ends: " + e);
                System.exit(1);
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
