package io.vmqtt.testkit.quic;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.SocketFactory;

/**
 * Sockets that are streams of QUIC, for clients of MQTT that can be given the sockets that they use
 * and connect them afterwards: each is the first stream of a connection of its own.
 */
public abstract class QuicSockets extends SocketFactory {

  /** The connection that was made last goes on from another port of this machine. */
  public abstract void move() throws IOException;

  @Override
  public abstract Socket createSocket();

  @Override
  public final Socket createSocket(String host, int port) throws IOException {
    throw connected();
  }

  @Override
  public final Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    throw connected();
  }

  @Override
  public final Socket createSocket(InetAddress host, int port) throws IOException {
    throw connected();
  }

  @Override
  public final Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    throw connected();
  }

  private static SocketException connected() {
    return new SocketException("such sockets are connected afterwards");
  }
}
