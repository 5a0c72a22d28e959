package io.vmqtt.gateway.quic;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** First packets of connections of QUIC (RFC 9000, 17.2.2), as far as a server reads them. */
public final class FirstPackets implements AutoCloseable {
  private static final int INITIAL = 0xC0;
  private static final int VERSION_1 = 1;
  private static final int ID_BYTES = 8;
  private static final int TAG_BYTES = 16;
  private static final int TIMEOUT_MILLIS = 10_000;

  private final DatagramSocket socket;

  /** For whoever is at that port of this machine. */
  public FirstPackets(int port) throws IOException {
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /** One of a client that calls itself by a number; what is behind the header is no cipher. */
  public byte[] initial(long client, byte[] token, int size) {
    byte[] packet = new byte[size];
    ByteBuffer rest = header(packet, VERSION_1, client);
    rest.put((byte) token.length).put(token);
    rest.putShort((short) (0x4000 | rest.remaining() - Short.BYTES));
    return packet;
  }

  /**
   * One that brings a token back.
   *
   * @param id what the answer with the token has given, or another
   */
  public byte[] withToken(byte[] id, long client, byte[] token) {
    byte[] packet = new byte[1200];
    ByteBuffer rest =
        ByteBuffer.wrap(packet)
            .put((byte) INITIAL)
            .putInt(VERSION_1)
            .put((byte) id.length)
            .put(id)
            .put((byte) ID_BYTES)
            .putLong(client);
    rest.putShort((short) (0x4000 | token.length)).put(token);
    rest.putShort((short) (0x4000 | rest.remaining() - Short.BYTES));
    return packet;
  }

  /** An answer with a token (RFC 9000, 17.2.5). */
  public static final class Retry {
    private final byte[] id;
    private final byte[] token;

    private Retry(byte[] id, byte[] token) {
      this.id = id;
      this.token = token;
    }

    /** What its receiver is to use. */
    public byte[] id() {
      return id;
    }

    /** What its receiver is to bring back. */
    public byte[] token() {
      return token;
    }
  }

  /** The next answer, which has to be one with a token for the client of that number. */
  public Retry retry(long client) throws IOException {
    ByteBuffer answer = next(client);
    byte[] id = new byte[answer.get()];
    answer.get(id);
    byte[] token = new byte[answer.remaining() - TAG_BYTES];
    answer.get(token);
    return new Retry(id, token);
  }

  /** One of another version. */
  public byte[] ofVersion(int version, long client, int size) {
    byte[] packet = new byte[size];
    var _ = header(packet, version, client);
    return packet;
  }

  /** Writes the beginning of a packet; what is returned is behind it. */
  private static ByteBuffer header(byte[] packet, int version, long client) {
    return ByteBuffer.wrap(packet)
        .put((byte) INITIAL)
        .putInt(version)
        .put((byte) ID_BYTES)
        .putLong(~client)
        .put((byte) ID_BYTES)
        .putLong(client);
  }

  public void send(byte[] packet) throws IOException {
    socket.send(new DatagramPacket(packet, packet.length));
  }

  /** The size of the next answer, which has to be for the client of that number. */
  public int answer(long client) throws IOException {
    return next(client).limit();
  }

  /** The next answer, behind the identifier of the client. */
  private ByteBuffer next(long client) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
    socket.receive(packet);
    ByteBuffer answer = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
    long of = answer.position(1 + Integer.BYTES + 1).getLong();
    if (of != client) {
      throw new AssertionError("an answer for " + of + " instead of " + client);
    }
    return answer;
  }

  @Override
  public void close() {
    socket.close();
  }
}
