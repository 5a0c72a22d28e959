package io.vmqtt.cluster.process;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.micronaut.runtime.server.EmbeddedServer;
import io.vmqtt.cluster.http.HttpTls;
import io.vmqtt.cluster.http.HttpTlsFiles;
import io.vmqtt.cluster.node.HttpOptions;
import io.vmqtt.cluster.node.LocalNode;
import io.vmqtt.cluster.node.ThisProcess;
import io.vmqtt.cluster.operation.NodeConfiguration;
import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.status.NodeStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running process of one role: Micronaut around the role's node.
 *
 * <p>The order of a start: the role's beans, which listen for what is theirs; gRPC; HTTP; and only
 * then does the process make itself known. A stop goes the other way: it withdraws first.
 */
public final class RoleProcess implements AutoCloseable {
  /**
   * The property on which the beans of a role depend, as all roles share one class path: its name
   * in Consul, such as {@code edge-gateway}.
   */
  public static final String ROLE = "vmqtt.role";

  /** The address at which HTTP is served; every one where it is not set. */
  public static final String HTTP_HOST = "micronaut.server.host";

  /** The port of HTTP; -1 for any free one. */
  public static final String HTTP_PORT = "micronaut.server.port";

  /** Whether gRPC is served. */
  public static final String GRPC_ENABLED = "grpc.server.enabled";

  /** The port of gRPC; 0 for any free one. */
  public static final String GRPC_PORT = "grpc.server.port";

  private static final Logger log = LoggerFactory.getLogger(RoleProcess.class);

  /** Whoever asked for the stop loses patience: after this the process ends as it is. */
  private static final Duration STOP_TIMEOUT = Duration.ofMillis(9_500);

  /** How soon one that found out that it cannot do its work ends. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final ApplicationContext context;
  private final LocalNode local;
  private final NodeStatus status;
  private final EmbeddedServer http;
  private final HealthPolicy policy;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** It is being stopped, and so not ready. */
  private volatile boolean stopping;

  private RoleProcess(
      ApplicationContext context, LocalNode local, NodeStatus status, EmbeddedServer http) {
    this.context = context;
    this.local = local;
    this.status = status;
    this.http = http;
    this.policy = new HealthPolicy(new PropertyOptions(context.getEnvironment()));
  }

  /**
   * Starts a process.
   *
   * @param role value of {@link #ROLE}
   * @param options what can be set for it; their defaults give way to everything else
   * @param set properties that override everything else
   * @throws StartException if it cannot; nothing of it is left then
   */
  public static RoleProcess start(String role, List<Option<?>> options, Map<String, Object> set)
      throws StartException {
    Map<String, Object> properties = new HashMap<>(set);
    properties.put(ROLE, role);
    // Micronaut takes -1 for any free port.
    properties.computeIfPresent(HTTP_PORT, (property, port) -> port.equals("0") ? -1 : port);
    ApplicationContext context =
        ApplicationContext.builder()
            .deduceEnvironment(false)
            .banner(false)
            .propertySources(
                PropertySource.of(
                    "vmqtt-" + role, defaults(options), ProcessSettings.DEFAULTS_POSITION + 1))
            .properties(properties)
            .build();
    try {
      requireFreePorts(context);
      requireHttpFiles(context);
      context.registerSingleton(
          NodeConfiguration.class,
          new ConfigurationReading(
                  options, set, new PropertyOptions(context.getEnvironment()), System::getenv)
              .read());
      context.start();
      LocalNode local = context.getBean(LocalNode.class);
      serveGrpc(context, local);
      NodeStatus status = context.getBean(NodeStatus.class);
      return new RoleProcess(context, local, status, serveHttp(context));
    } catch (StartException e) {
      context.close();
      throw e;
    } catch (RuntimeException e) {
      context.close();
      throw StartException.of(e);
    }
  }

  private static Map<String, Object> defaults(List<Option<?>> options) {
    Map<String, Object> defaults = new HashMap<>();
    for (Option<?> option : options) {
      String standard = option.standard();
      if (standard != null) {
        defaults.put(option.property(), standard);
      }
    }
    defaults.put(GRPC_ENABLED, defaults.containsKey(GRPC_PORT));
    return defaults;
  }

  /** How the main class of a role starts it. */
  @FunctionalInterface
  public interface Starter {
    RoleProcess start(Map<String, Object> set) throws StartException;
  }

  /**
   * The main method of a role: runs it until the process is asked to stop. Where it cannot start,
   * one line on the standard error, and exit code 2 for an option that cannot be, else 1.
   */
  public static void main(Starter starter) throws InterruptedException {
    try {
      RoleProcess process = starter.start(Map.of());
      process.closeOnExit();
      process.awaitClosed();
    } catch (StartException e) {
      log.debug("The process cannot start", e);
      System.err.println(e.getMessage());
      System.exit(e.exitCode());
    }
  }

  /**
   * Before anything is built: a start that fails for a port must not have left its mark on disk.
   */
  private static void requireFreePorts(ApplicationContext context) throws StartException {
    context.getEnvironment().start();
    String httpHost = context.getProperty(HTTP_HOST, String.class).orElse("");
    requireFree("HTTP", httpHost, context.getProperty(HTTP_PORT, Integer.class).orElse(0));
    if (context.getProperty(GRPC_ENABLED, Boolean.class).orElse(false)) {
      requireFree("gRPC", "", context.getProperty(GRPC_PORT, Integer.class).orElse(0));
    }
  }

  /** Before anything is built, too. */
  private static void requireHttpFiles(ApplicationContext context) throws StartException {
    Optional<HttpTlsFiles> files = HttpOptions.files(new PropertyOptions(context.getEnvironment()));
    if (files.isPresent()) {
      try {
        HttpTls.require(files.get());
      } catch (IOException e) {
        throw StartException.of(e);
      }
    }
  }

  /**
   * Tries a port for a moment.
   *
   * @param what is to be served there, for the complaint
   * @param host its address; empty: every one
   * @param port none or less: any free one
   * @throws StartException if it cannot be had
   */
  public static void requireFree(String what, String host, int port) throws StartException {
    InetSocketAddress address =
        host.isEmpty()
            ? new InetSocketAddress(Math.max(port, 0))
            : new InetSocketAddress(host, Math.max(port, 0));
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(address);
    } catch (IOException e) {
      String where = host.isEmpty() ? "port " + port : host + ':' + port;
      throw StartException.of("cannot listen for " + what + " on " + where, e);
    }
  }

  /**
   * A port that nobody has at the moment.
   *
   * @throws StartException if there is none at that address
   */
  public static int freePort(String host) throws StartException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(host, 0));
      return probe.getLocalPort();
    } catch (IOException e) {
      throw StartException.of("cannot listen on " + host, e);
    }
  }

  private static void serveGrpc(ApplicationContext context, LocalNode local) throws StartException {
    String port = port(context, GRPC_PORT);
    try {
      log.debug("gRPC on port {}", local.grpcPort());
    } catch (RuntimeException e) {
      throw StartException.of("cannot listen for gRPC on port " + port, e);
    }
  }

  private static EmbeddedServer serveHttp(ApplicationContext context) throws StartException {
    EmbeddedServer http = context.getBean(EmbeddedServer.class);
    // Asked before the start: a server that fails takes the settings with it.
    String port = port(context, HTTP_PORT);
    try {
      return http.start();
    } catch (RuntimeException e) {
      throw StartException.of("cannot listen for HTTP on port " + port, e);
    }
  }

  private static String port(ApplicationContext context, String property) {
    return context.getProperty(property, String.class).orElse("?");
  }

  /** What it is in the cluster. */
  public LocalNode node() {
    return local;
  }

  /** See {@link ThisProcess#isLocalOnly}. */
  public boolean isLocalOnly() {
    return context.getBean(ThisProcess.class).isLocalOnly();
  }

  /** Where it serves its health, its status and its metrics. */
  public int httpPort() {
    return http.getPort();
  }

  /** Whether it serves what its role is for. */
  public boolean isReady() {
    return status.isReady();
  }

  /** Makes an orderly stop the answer to SIGTERM and SIGINT. */
  public void closeOnExit() {
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(this::stop));
  }

  private void stop() {
    Thread closing = Thread.ofPlatform().name("close").daemon().start(this::close);
    try {
      if (!closing.join(STOP_TIMEOUT)) {
        log.warn("The stop took more than {} ms: the rest is cut off", STOP_TIMEOUT.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until it is closed.
   *
   * @return false if the time was over before that
   * @throws StartException if it has found out that it cannot do its work, or is to end for want of
   *     readiness; it is closed then
   */
  public boolean awaitClosed(Duration timeout) throws InterruptedException, StartException {
    boolean isClosed = closed.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    String fault = isClosed ? null : status.fault();
    if (fault != null) {
      close();
      throw new StartException(fault);
    }
    StartException unavailable =
        isClosed || stopping ? null : policy.look(status.isReady(), System.nanoTime());
    if (unavailable != null) {
      close();
      throw unavailable;
    }
    return isClosed;
  }

  /**
   * Waits until it is closed.
   *
   * @throws StartException as above
   */
  public void awaitClosed() throws InterruptedException, StartException {
    boolean isClosed = false;
    while (!isClosed) {
      isClosed = awaitClosed(LOOK_EVERY);
    }
  }

  /** Withdraws it from the cluster, then stops it in order. */
  @Override
  public void close() {
    stopping = true;
    try {
      context.close();
    } finally {
      closed.countDown();
    }
  }
}
