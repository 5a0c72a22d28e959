package io.vmqtt.testkit.raw;

import io.vmqtt.testkit.net.Address;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;

/**
 * A connection to a broker, of TCP if nothing else is said, on which a test says what it likes. Not
 * thread-safe. Whoever waits longer than {@link #PATIENCE} for the broker gets an {@link
 * AssertionError}.
 */
public final class RawConnection implements AutoCloseable {
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Socket socket;
  private final DataInputStream in;

  private RawConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  /** Connects, without a word yet. */
  public static RawConnection open(Address broker) {
    try {
      Socket socket = new Socket(broker.host(), broker.port());
      socket.setTcpNoDelay(true);
      return over(socket);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot reach " + broker, e);
    }
  }

  /** Speaks on a socket that is connected. */
  public static RawConnection over(Socket socket) {
    try {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      return new RawConnection(socket);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot be used: " + socket, e);
    }
  }

  /** Connects and says CONNECT; the broker must accept. */
  public static RawConnection openAnd(Address broker, byte[] connect) {
    RawConnection connection = open(broker);
    RawPacket answer = connection.send(connect).read();
    if (answer.type() != PacketType.CONNACK || answer.reasonCode() != 0) {
      throw new AssertionError(broker + " answers CONNECT with " + answer);
    }
    return connection;
  }

  /** Whether a broker accepts clients now. */
  public static boolean isAcceptedBy(Address broker) {
    try (RawConnection connection = open(broker)) {
      return connection
          .send(Packets.connect(""))
          .readOrEnd()
          .filter(answer -> answer.type() == PacketType.CONNACK && answer.reasonCode() == 0)
          .isPresent();
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Sends bytes; a connection that the broker has closed takes them silently. */
  public RawConnection send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      // What matters is what the broker said before: read() tells.
    }
    return this;
  }

  /** The broker's next packet. */
  public RawPacket read() {
    return readOrEnd()
        .orElseThrow(() -> new AssertionError("the broker closed the connection instead"));
  }

  /** The broker's next packet; empty if it closes the connection instead. */
  public Optional<RawPacket> readOrEnd() {
    try {
      return RawPacket.read(in);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("nothing came from the broker within " + PATIENCE, e);
    } catch (SocketException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the broker has closed the connection, having said nothing more. */
  public void awaitClosedSilently() {
    Optional<RawPacket> more = readOrEnd();
    if (more.isPresent()) {
      throw new AssertionError("the broker said " + more.get() + " instead of closing");
    }
  }

  /** No more will be sent: the broker sees the end of the stream. */
  public void endStream() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Breaks the connection without a word, as a lost network does. */
  public void cut() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
