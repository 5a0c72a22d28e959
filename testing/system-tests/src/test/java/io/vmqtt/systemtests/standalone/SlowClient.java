package io.vmqtt.systemtests.standalone;

import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.raw.PacketBytes;
import io.vmqtt.testkit.raw.Packets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;

/**
 * A client that asks for more than it takes: it subscribes, and then reads nothing, or a byte now
 * and then. When it is thrown out it comes back.
 */
final class SlowClient implements AutoCloseable {
  private static final int SOCKET_BYTES = 16 << 10;
  private static final int PATIENCE_MILLIS = 20_000;
  private static final int SESSION_EXPIRY = 0x11;

  /** What a client asks for. */
  enum Kind {
    TRANSIENT_0(false, 0),
    TRANSIENT_1(false, 1),
    TRANSIENT_2(false, 2),
    PERSISTENT_1(true, 1),
    PERSISTENT_2(true, 2);

    final boolean persistent;
    final int qos;

    Kind(boolean persistent, int qos) {
      this.persistent = persistent;
      this.qos = qos;
    }
  }

  private final Address broker;
  private final String clientId;
  private final Kind kind;
  private final List<String> filters;
  private Socket socket = new Socket();

  SlowClient(Address broker, String clientId, Kind kind, List<String> filters) {
    this.broker = broker;
    this.clientId = clientId;
    this.kind = kind;
    this.filters = filters;
  }

  void connect() throws IOException {
    socket.close();
    socket = new Socket();
    socket.setReceiveBufferSize(SOCKET_BYTES);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress(broker.host(), broker.port()));
    socket.getOutputStream().write(connectPacket());
    expect(0x20);
    int packetId = 1;
    for (String filter : filters) {
      socket.getOutputStream().write(Packets.subscribe(packetId++, filter, kind.qos));
    }
  }

  private byte[] connectPacket() {
    PacketBytes properties = new PacketBytes();
    if (kind.persistent) {
      properties.bytes(SESSION_EXPIRY).fourBytes(3600);
    }
    return new PacketBytes()
        .string("MQTT")
        .bytes(5, kind.persistent ? 0 : 2)
        .twoBytes(0)
        .properties(properties)
        .string(clientId)
        .packet(0x10);
  }

  private void expect(int firstByte) throws IOException {
    int first = socket.getInputStream().read();
    if (first != firstByte) {
      throw new IOException("the broker answers CONNECT with " + first);
    }
  }

  /** Shows that it is there; one whose connection is gone makes a new one. */
  void ping() throws IOException {
    try {
      socket.getOutputStream().write(Packets.pingReq());
    } catch (IOException e) {
      connect();
    }
  }

  /** Takes one byte, if there is one. */
  void readByte() throws IOException {
    if (socket.getInputStream().available() > 0) {
      int _ = socket.getInputStream().read();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
