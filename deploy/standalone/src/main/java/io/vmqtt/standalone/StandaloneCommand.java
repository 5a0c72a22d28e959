package io.vmqtt.standalone;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.router.config.RouterConfig;
import io.vmqtt.store.config.StoreConfig;
import io.vmqtt.store.storage.DataFolderException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vmqtt standalone}: a complete broker in one process. */
@Command(
    name = "standalone",
    description = "A complete broker in one process: all roles, no Consul, no Docker.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class StandaloneCommand implements Callable<Integer> {
  private static final long POLL_NANOS = 5_000_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "${env:VMQTT_HOST:-0.0.0.0}",
      description = "Address to listen on for MQTT (VMQTT_HOST; default ${DEFAULT-VALUE}).")
  private String host = "0.0.0.0";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "${env:VMQTT_PORT:-1883}",
      converter = OptionTypes.Port.class,
      description = "MQTT port, 0 for any free one (VMQTT_PORT; default ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:VMQTT_DATA:-data/standalone}",
      description = "Folder for everything durable (VMQTT_DATA; default ${DEFAULT-VALUE}).")
  private Path data = Path.of("data", "standalone");

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      defaultValue = "${env:VMQTT_HTTP_PORT:-8090}",
      converter = OptionTypes.Port.class,
      description =
          "Port for /health and /prometheus, 0 for any free one"
              + " (VMQTT_HTTP_PORT; default ${DEFAULT-VALUE}).")
  private int httpPort;

  @Option(
      names = "--shards",
      paramLabel = "N",
      defaultValue = "${env:VMQTT_SHARDS:-4}",
      description =
          "Shards of a new data folder; fixed from then on"
              + " (VMQTT_SHARDS; default ${DEFAULT-VALUE}).")
  private int shards;

  @Override
  public Integer call() throws IOException, DataFolderException {
    if (shards < 1 || shards > 1024) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--shards must be 1 to 1024, not " + shards);
    }
    requireFree(host, port);
    int shardCount = ShardCountFile.fix(data, shards);
    CountDownLatch stopped = new CountDownLatch(1);
    try (ApplicationContext context =
        ApplicationContext.builder()
            .banner(false)
            .properties(
                Map.of(
                    "vmqtt.role",
                    "standalone",
                    "micronaut.application.name",
                    "vmqtt",
                    "micronaut.server.port",
                    httpPort,
                    "grpc.server.enabled",
                    false))
            .start()) {
      EmbeddedServer http = context.getBean(EmbeddedServer.class);
      http.start();
      StandaloneNode node =
          new StandaloneNode(
              GatewayConfig.onPort(port).withHost(host),
              RouterConfig.DEFAULT,
              StoreConfig.defaults(data),
              shardCount,
              context.getBean(MeterRegistry.class));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node, stopped), "stop"));
      PrintWriter out = spec.commandLine().getOut();
      out.println("MQTT   " + host + ':' + node.port());
      out.println("HTTP   " + http.getURL() + "/health, /prometheus");
      out.println("data   " + data.toAbsolutePath() + ", " + shardCount + " shards");
      while (!node.isReady()) {
        LockSupport.parkNanos(POLL_NANOS);
      }
      out.println("ready");
      out.flush();
      awaitUninterruptibly(stopped);
    }
    return 0;
  }

  /** Fails before anything is started and has spoken, as it will when the gateway listens. */
  private static void requireFree(String host, int port) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw new IOException(
          "cannot listen for MQTT on " + host + ':' + port + ": " + e.getMessage(), e);
    }
  }

  private static void stop(StandaloneNode node, CountDownLatch stopped) {
    try {
      node.close();
    } catch (IOException e) {
      System.err.println("vmqtt: " + e.getMessage());
    } finally {
      stopped.countDown();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean done = false;
    while (!done) {
      try {
        latch.await();
        done = true;
      } catch (InterruptedException e) {
        done = false; // only the end of the process ends this
      }
    }
  }
}
