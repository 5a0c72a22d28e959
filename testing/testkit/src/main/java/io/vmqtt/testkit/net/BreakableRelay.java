package io.vmqtt.testkit.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Passes TCP connections on to a target that can be changed, and breaks them on demand: to a client
 * behind it, an unplugged cable or a load balancer that picks another server.
 */
public final class BreakableRelay implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 << 10;

  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Address target;

  /** Listens on a free port and passes on to {@code target}. */
  public BreakableRelay(Address target) {
    this.target = target;
    try {
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("relay-accept").start(this::accept);
  }

  /** Where clients find the relay. */
  public Address address() {
    return Address.local(listener.getLocalPort());
  }

  /** Connections from now on go to {@code newTarget}; open ones stay. */
  public void redirectTo(Address newTarget) {
    target = newTarget;
  }

  /** Breaks all open connections: both sides get a reset, nothing that was under way arrives. */
  public void cut() {
    // All of them first: as soon as one is closed, its pump closes the other.
    open.forEach(BreakableRelay::resetWhenClosed);
    open.forEach(this::close);
  }

  private static void resetWhenClosed(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // Closed already, which is what it is about to be.
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        open.add(client);
        Thread.ofVirtual().name("relay-connect").start(() -> connect(client));
      } catch (IOException e) {
        // The listener is closed: the loop ends.
      }
    }
  }

  private void connect(Socket client) {
    Address to = target;
    try {
      Socket server = new Socket(to.host(), to.port());
      open.add(server);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      Thread.ofVirtual().name("relay-up").start(() -> pump(client, server));
      Thread.ofVirtual().name("relay-down").start(() -> pump(server, client));
    } catch (IOException e) {
      close(client);
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
    close(from);
    close(to);
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing more can be done to a socket than to close it.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }
}
