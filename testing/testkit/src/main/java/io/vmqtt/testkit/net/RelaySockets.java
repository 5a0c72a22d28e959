package io.vmqtt.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What a relay listens with, and the sockets that it has open. */
public final class RelaySockets implements AutoCloseable {
  private final ServerSocket listener;
  private final Consumer<Socket> connect;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /**
   * Listens on a free port.
   *
   * @param connect is given each client, on a thread of its own
   */
  public RelaySockets(Consumer<Socket> connect) {
    this.connect = connect;
    try {
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("relay-accept").start(this::accept);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        open.add(client);
        Thread.ofVirtual().name("relay-connect").start(() -> connect.accept(client));
      } catch (IOException e) {
        // The listener is closed: the loop ends.
      }
    }
  }

  /** Where clients find the relay. */
  public Address address() {
    return Address.local(listener.getLocalPort());
  }

  /** Opens the other half of a connection; whatever is written to either half leaves at once. */
  public Socket open(Socket client, Address server) throws IOException {
    Socket opened = new Socket(server.host(), server.port());
    open.add(opened);
    client.setTcpNoDelay(true);
    opened.setTcpNoDelay(true);
    return opened;
  }

  /** All that are open. */
  Set<Socket> open() {
    return open;
  }

  /** Closes one of them. */
  public void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing more can be done to a socket than to close it.
    }
  }

  /** Takes no more, and closes what is open. */
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open.forEach(this::close);
  }
}
