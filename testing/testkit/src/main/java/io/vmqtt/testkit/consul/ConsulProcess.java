package io.vmqtt.testkit.consul;

import static io.vmqtt.testkit.net.Address.LOCAL_HOST;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One Consul agent on ports of its own: a server alone. In development mode, without a folder, it
 * forgets everything when it is stopped, also when it is started again.
 *
 * <p>The executable is the one that the environment variable {@code VMQTT_CONSUL_BINARY} names, or
 * {@code consul} on the path; where there is neither, the calling test is skipped.
 */
public final class ConsulProcess implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private final Path executable;
  private final String hosts;
  private @Nullable Path data;
  private final @Nullable Guard guard;
  private final int httpPort;
  private final List<Integer> otherPorts;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
  private Process process;

  /**
   * What a Consul asks of whoever comes.
   *
   * @param configuration in JSON, with its ACL and TLS
   * @param token that of those who may do everything
   */
  public record Guard(Path configuration, String token) {}

  private ConsulProcess(Path executable, List<Integer> ports, String hosts, @Nullable Guard guard)
      throws IOException {
    this.hosts = hosts;
    this.guard = guard;
    this.executable = executable;
    this.httpPort = ports.getFirst();
    this.otherPorts = ports.subList(1, ports.size());
    this.process = launch();
  }

  /** Starts Consul and waits until it can serve, or skips the calling test where there is none. */
  public static ConsulProcess start() {
    return start(LOCAL_HOST);
  }

  /**
   * The same, for others than this machine, too.
   *
   * @param hosts one or more addresses to listen at, this machine's own first
   */
  public static ConsulProcess start(String... hosts) {
    return start(null, hosts);
  }

  /** One that lets nobody in without a token, and speaks TLS at {@link #securePort}, too. */
  public static ConsulProcess startGuarded(Guard guard) {
    return start(guard, LOCAL_HOST);
  }

  private static ConsulProcess start(@Nullable Guard guard, String... hosts) {
    Path executable =
        findExecutable()
            .orElseGet(
                () ->
                    abort(
                        "no Consul here: name its executable in VMQTT_CONSUL_BINARY, or put consul"
                            + " on the path"));
    try {
      ConsulProcess consul =
          new ConsulProcess(executable, freePorts(5), String.join(" ", hosts), guard);
      consul.awaitReady();
      return consul;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + executable, e);
    }
  }

  /**
   * From the next start on it keeps what it knows in this folder; with null, it has no memory from
   * then on.
   */
  public void keepIn(@Nullable Path folder) {
    data = folder;
  }

  private static Optional<Path> findExecutable() {
    String named = System.getenv("VMQTT_CONSUL_BINARY");
    if (named != null && !named.isBlank()) {
      return Optional.of(Path.of(named));
    }
    String path = System.getenv("PATH");
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(path == null ? "" : path)
        .map(folder -> Path.of(folder, "consul"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  private Process launch() throws IOException {
    List<String> command = new ArrayList<>(List.of(executable.toString(), "agent"));
    Path folder = data;
    command.addAll(
        folder == null
            ? List.of("-dev")
            : List.of("-server", "-bootstrap-expect=1", "-data-dir=" + folder));
    command.addAll(
        List.of(
            "-log-level=warn",
            "-bind=" + LOCAL_HOST,
            "-client=" + hosts,
            "-http-port=" + httpPort,
            "-server-port=" + otherPorts.get(0),
            "-serf-lan-port=" + otherPorts.get(1),
            "-serf-wan-port=" + otherPorts.get(2),
            "-grpc-port=-1",
            "-dns-port=-1"));
    if (guard != null) {
      command.addAll(
          List.of("-config-file=" + guard.configuration(), "-https-port=" + securePort()));
    }
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private void awaitReady() {
    await("Consul has elected itself")
        .atMost(START_TIMEOUT)
        .ignoreExceptions()
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException("Consul ended with " + process.exitValue());
              }
              return get("/v1/status/leader").length() > 2
                  && !get("/v1/catalog/nodes").equals("[]");
            });
  }

  /** Where Consul's HTTP interface listens: {@code 127.0.0.1:PORT}. */
  public String address() {
    return addressAt(LOCAL_HOST);
  }

  /** Where one that is guarded speaks TLS. */
  public int securePort() {
    return otherPorts.getLast();
  }

  /** The same, seen through another address of this machine. */
  public String addressAt(String host) {
    return host + ':' + httpPort;
  }

  /**
   * What Consul answers to GET.
   *
   * @param path with the leading slash, such as {@code /v1/agent/services}
   * @return the body, whatever the status code
   */
  public String get(String path) {
    return send(request(path).GET().build());
  }

  /** What Consul answers to PUT. */
  public String put(String path, String body) {
    return send(request(path).PUT(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    return guard == null ? request : request.header("X-Consul-Token", guard.token());
  }

  private URI uri(String path) {
    return URI.create("http://" + address() + path);
  }

  private String send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking Consul", e);
    }
  }

  /** Ends Consul without warning and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** Starts Consul again on the same ports and waits until it can serve. */
  public void startAgain() {
    if (process.isAlive()) {
      throw new IllegalStateException("Consul at " + address() + " still runs");
    }
    try {
      process = launch();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + executable, e);
    }
    awaitReady();
  }

  private void awaitExit() {
    await("Consul has ended").atMost(STOP_TIMEOUT).until(() -> !process.isAlive());
  }

  @Override
  public void close() {
    process.destroyForcibly();
    awaitExit();
    http.close();
  }
}
