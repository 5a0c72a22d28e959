package io.vmqtt.testkit.quic;

import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import tech.kwik.core.QuicClientConnection;
import tech.kwik.core.QuicSessionTicket;
import tech.kwik.core.QuicStream;
import tech.kwik.core.impl.QuicClientConnectionImpl;

/** A client of QUIC that others wrote (kwik), on whose stream a test says what it likes. */
public final class KwikClient implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Pattern FAILURE_OF_ITS_OWN =
      Pattern.compile("Handshake error: (java\\.lang\\.NullPointerException.*)?");

  static {
    // It asserts that no answer comes within a millisecond; where one does, its receiver would end.
    KwikClient.class.getClassLoader().setPackageAssertionStatus("tech.kwik", false);
  }

  public final QuicClientConnection connection;
  private @Nullable QuicStream stream;

  private KwikClient(QuicClientConnection connection) {
    this.connection = connection;
  }

  /** Speaks MQTT to whoever has a certificate of an authority, and shows none itself. */
  public static KwikClient connect(int port, TestAuthority believed) throws IOException {
    return connect(port, believed, null, "mqtt", TIMEOUT);
  }

  /**
   * The same, with a certificate, or another protocol, or less patience.
   *
   * <p>This version of kwik fails by itself where the answer to its first packet comes before it
   * has written down what was in it: then it tries again.
   */
  public static KwikClient connect(
      int port, TestAuthority believed, @Nullable Signed own, String protocol, Duration timeout)
      throws IOException {
    return connect(
        () -> {
          QuicClientConnection.Builder builder = builder(port, believed, protocol, timeout);
          if (own != null) {
            builder.clientCertificate(own.certificate()).clientCertificateKey(own.privateKey());
          }
          return builder;
        });
  }

  /** Takes up the session again that a ticket is about, and shows no certificate. */
  public static KwikClient resume(int port, TestAuthority believed, QuicSessionTicket ticket)
      throws IOException {
    return connect(() -> builder(port, believed, "mqtt", TIMEOUT).sessionTicket(ticket));
  }

  private static KwikClient connect(Supplier<QuicClientConnection.Builder> builder)
      throws IOException {
    while (true) {
      try {
        QuicClientConnection connection = builder.get().build();
        connection.connect();
        return new KwikClient(connection);
      } catch (ConnectException e) {
        if (!FAILURE_OF_ITS_OWN.matcher(String.valueOf(e.getMessage())).matches()) {
          throw e;
        }
      }
    }
  }

  private static QuicClientConnection.Builder builder(
      int port, TestAuthority believed, String protocol, Duration timeout) {
    return QuicClientConnection.newBuilder()
        .uri(URI.create("mqtt://localhost:" + port))
        .preferIPv4()
        .applicationProtocol(protocol)
        .customTrustManager((X509TrustManager) believed.trust().getTrustManagers()[0])
        .connectTimeout(timeout);
  }

  /** What the broker has shown. */
  public X509Certificate shown() {
    return connection.getServerCertificateChain().getFirst();
  }

  /** The stream, which the first call opens. */
  public QuicStream stream() throws IOException {
    QuicStream open = stream;
    if (open == null) {
      open = connection.createStream(true);
      stream = open;
    }
    return open;
  }

  /** Sends a packet, and returns the answer in hexadecimal digits; empty: the end. */
  public String send(String hex) throws IOException {
    stream().getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
    stream().getOutputStream().flush();
    return receive();
  }

  /** What comes next, in hexadecimal digits; empty: the end. */
  public String receive() throws IOException {
    byte[] answer = new byte[64];
    int length = stream().getInputStream().read(answer);
    return HexFormat.of().formatHex(answer, 0, Math.max(length, 0));
  }

  /** Goes on from another port of this machine, by its own decision. */
  public void move() {
    ((QuicClientConnectionImpl) connection).changeAddress();
  }

  /** Closes the connection. */
  public void leave() {
    connection.close();
  }

  @Override
  public void close() {
    leave();
  }

  /** Opens a further stream. */
  public Further further() throws IOException {
    var _ = stream(); // the first one is the first
    return new Further(connection.createStream(true));
  }

  /** Opens a further stream, for those who know sockets. */
  public Socket furtherSocket() throws IOException {
    return new KwikSocket(further().stream);
  }

  /** The first stream, for those who know sockets; to close it closes the connection. */
  public Socket socket() throws IOException {
    return new KwikSocket(this);
  }

  /** One stream beside the first. */
  public static final class Further {
    public final QuicStream stream;

    private Further(QuicStream stream) {
      this.stream = stream;
    }

    /** Sends some bytes. */
    public void send(String hex) throws IOException {
      stream.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
      stream.getOutputStream().flush();
    }

    /** So many of the next bytes, in hexadecimal digits. */
    public String receive(int bytes) throws IOException {
      return HexFormat.of().formatHex(stream.getInputStream().readNBytes(bytes));
    }

    /** Has no more to say. */
    public void end() throws IOException {
      stream.getOutputStream().close();
    }
  }
}
