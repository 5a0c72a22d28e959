package io.vmqtt.systemtests.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vmqtt.testkit.quic.QuicSockets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Streams by ngtcp2 and GnuTLS: a program in C has each, and is its input and output. */
final class PipeSockets extends QuicSockets {
  private static final Path SOURCE = Path.of("src", "test", "resources", "foreign", "quic_pipe.c");

  private final Path program;
  private final Path authority;
  private @Nullable Process last;

  /** By a program of that name, to whoever has a certificate of an authority. */
  PipeSockets(Path program, Path authority) {
    this.program = program;
    this.authority = authority;
  }

  /** Makes the program; a machine that has not what it takes skips the test. */
  static void compile(Path program) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("cc", "-O1", "-Wall", "-Wextra", "-Werror", "-o"));
    command.addAll(List.of(program.toString(), SOURCE.toString()));
    command.addAll(List.of("-lngtcp2", "-lngtcp2_crypto_gnutls", "-lgnutls"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Process compiler;
    try {
      compiler = builder.start();
    } catch (IOException e) {
      Assumptions.abort("no C compiler: " + e.getMessage());
      return;
    }
    String output = new String(compiler.getInputStream().readAllBytes(), UTF_8);
    Assumptions.assumeTrue(compiler.onExit().join().exitValue() == 0, "no ngtcp2: " + output);
  }

  @Override
  public void move() throws IOException {
    long pid = Objects.requireNonNull(last, "none was connected yet").pid();
    Process sent = new ProcessBuilder("kill", "-USR1", String.valueOf(pid)).inheritIO().start();
    if (sent.onExit().join().exitValue() != 0) {
      throw new AssertionError("there is no client " + pid + " any more");
    }
  }

  private Process connect(InetSocketAddress to) throws IOException {
    String port = String.valueOf(to.getPort());
    Process client =
        new ProcessBuilder(program.toString(), "127.0.0.1", port, authority.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    last = client;
    return client;
  }

  /** One stream. */
  private final class PipeSocket extends Socket {
    private @Nullable Process client;

    @Override
    public void connect(SocketAddress to, int timeoutMillis) throws IOException {
      client = PipeSockets.this.connect((InetSocketAddress) to);
    }

    private Process client() throws SocketException {
      Process connected = client;
      if (connected == null) {
        throw new SocketException("it is not connected");
      }
      return connected;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return client().getInputStream();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return client().getOutputStream();
    }

    @Override
    public void setSoTimeout(int millis) {
      // A pipe has none; the test has.
    }

    /** Nothing: those who call it close it next. */
    @Override
    public void shutdownInput() {}

    /** The program sends what there is, and ends. */
    @Override
    public void close() throws IOException {
      if (client != null) {
        client.getOutputStream().close();
      }
      super.close();
    }
  }

  @Override
  public Socket createSocket() {
    return new PipeSocket();
  }
}
