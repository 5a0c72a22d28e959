package io.vmqtt.testkit.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * Passes TCP connections on to a target that can be changed, and breaks them on demand: to a client
 * behind it, an unplugged cable or a load balancer that picks another server.
 */
public final class BreakableRelay implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 << 10;

  private final RelaySockets sockets;
  private volatile Address target;

  /** Listens on a free port and passes on to {@code target}. */
  public BreakableRelay(Address target) {
    this.target = target;
    this.sockets = new RelaySockets(this::connect);
  }

  /** Where clients find the relay. */
  public Address address() {
    return sockets.address();
  }

  /** Connections from now on go to {@code newTarget}; open ones stay. */
  public void redirectTo(Address newTarget) {
    target = newTarget;
  }

  /** Breaks all open connections: both sides get a reset, nothing that was under way arrives. */
  public void cut() {
    // All of them first: as soon as one is closed, its pump closes the other.
    sockets.open().forEach(BreakableRelay::resetWhenClosed);
    sockets.open().forEach(sockets::close);
  }

  private static void resetWhenClosed(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // Closed already, which is what it is about to be.
    }
  }

  private void connect(Socket client) {
    Address to = target;
    try {
      Socket server = sockets.open(client, to);
      Thread.ofVirtual().name("relay-up").start(() -> pump(client, server));
      Thread.ofVirtual().name("relay-down").start(() -> pump(server, client));
    } catch (IOException e) {
      sockets.close(client);
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // One side is gone: so is the other, now.
    }
    sockets.close(from);
    sockets.close(to);
  }

  @Override
  public void close() {
    sockets.open().forEach(BreakableRelay::resetWhenClosed);
    sockets.close();
  }
}
