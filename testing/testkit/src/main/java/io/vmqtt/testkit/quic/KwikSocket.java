package io.vmqtt.testkit.quic;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;
import tech.kwik.core.QuicStream;

/**
 * A stream of QUIC, as those see it who know sockets of TCP. Whoever reads waits without an end;
 * the test has to have one.
 */
final class KwikSocket extends Socket {
  private final @Nullable KwikSockets sockets;
  private volatile @Nullable KwikClient client;
  private volatile @Nullable QuicStream stream;

  /** Not connected; it will be the first stream of a connection of its own. */
  KwikSocket(KwikSockets sockets) {
    this.sockets = sockets;
  }

  /** The first stream of a connection, which ends with it. */
  KwikSocket(KwikClient client) throws IOException {
    this.sockets = null;
    this.client = client;
    this.stream = client.stream();
  }

  /** A further stream, whose end leaves the connection as it is. */
  KwikSocket(QuicStream stream) {
    this.sockets = null;
    this.stream = stream;
  }

  @Override
  public void connect(SocketAddress to, int timeoutMillis) throws IOException {
    if (sockets == null || stream != null) {
      throw new SocketException("it is connected");
    }
    KwikClient connected = sockets.connect(((InetSocketAddress) to).getPort());
    stream = connected.stream();
    client = connected;
  }

  private QuicStream stream() throws SocketException {
    QuicStream open = stream;
    if (open == null) {
      throw new SocketException("it is not connected");
    }
    return open;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return stream().getInputStream();
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return stream().getOutputStream();
  }

  @Override
  public void setSoTimeout(int millis) {
    // See above.
  }

  @Override
  public void setTcpNoDelay(boolean on) {
    // It has no such delay.
  }

  /** Nothing: those who call it close it next. */
  @Override
  public void shutdownInput() {}

  @Override
  public void shutdownOutput() throws IOException {
    stream().getOutputStream().close();
  }

  @Override
  public void close() throws IOException {
    KwikClient connected = client;
    if (connected != null) {
      connected.leave();
    } else if (stream != null) {
      shutdownOutput();
    }
    super.close();
  }
}
