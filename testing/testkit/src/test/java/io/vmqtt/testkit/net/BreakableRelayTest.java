package io.vmqtt.testkit.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

class BreakableRelayTest {
  private static Address addressOf(ServerSocket server) {
    return Address.local(server.getLocalPort());
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  private static Socket connect(Address to) throws IOException {
    return new Socket(to.host(), to.port());
  }

  @Test
  void bytes_eitherWay_arrive() throws IOException {
    try (ServerSocket server = listen();
        BreakableRelay relay = new BreakableRelay(addressOf(server));
        Socket client = connect(relay.address());
        Socket accepted = server.accept()) {
      client.getOutputStream().write(7);
      assertEquals(7, accepted.getInputStream().read());
      accepted.getOutputStream().write(8);
      assertEquals(8, client.getInputStream().read());
    }
  }

  @Test
  void redirectTo_anotherServer_takesTheNextConnection() throws IOException {
    try (ServerSocket first = listen();
        ServerSocket second = listen();
        BreakableRelay relay = new BreakableRelay(addressOf(first))) {
      relay.redirectTo(addressOf(second));
      try (Socket client = connect(relay.address());
          Socket accepted = second.accept()) {
        client.getOutputStream().write(7);
        assertEquals(7, accepted.getInputStream().read());
      }
    }
  }

  @Test
  void cut_openConnection_resetsBothSides() throws IOException {
    try (ServerSocket server = listen();
        BreakableRelay relay = new BreakableRelay(addressOf(server));
        Socket client = connect(relay.address());
        Socket accepted = server.accept()) {
      client.getOutputStream().write(7);
      assertEquals(7, accepted.getInputStream().read());
      relay.cut();
      assertThrows(SocketException.class, () -> client.getInputStream().read());
      assertThrows(SocketException.class, () -> accepted.getInputStream().read());
    }
  }
}
