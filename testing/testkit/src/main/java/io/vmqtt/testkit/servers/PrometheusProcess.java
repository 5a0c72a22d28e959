package io.vmqtt.testkit.servers;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.vmqtt.testkit.machine.Command;
import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.net.HttpProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * A Prometheus of its own, as {@code deploy/compose/observability} has it set up, but for Consul:
 * Debian's cannot ask it, so it is told what Consul has.
 *
 * <p>Where there is no {@code prometheus} on the path, the calling test is skipped.
 */
public final class PrometheusProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The block of {@code consul_sd_configs}, up to what follows it. */
  private static final Pattern CONSUL = Pattern.compile(" *consul_sd_configs:\n(?: {6}.*\n)+");

  private final Process process;
  private final Address http;

  private PrometheusProcess(Process process, Address http) {
    this.process = process;
    this.http = http;
  }

  /** Whether Debian's package is here. */
  public static boolean isInstalled() {
    try {
      Command.run("promtool", "--version");
      Command.run("prometheus", "--version");
      return true;
    } catch (Command.FailedException _) {
      return false;
    }
  }

  /**
   * Starts one and waits until it answers.
   *
   * @param folder where it has its files
   * @param setUp the folder with {@code prometheus.yml} and the rules
   * @param targets what Consul would tell it, in the form of file_sd
   */
  public static PrometheusProcess start(Path folder, Path setUp, String targets) {
    if (!isInstalled()) {
      abort("no prometheus here: Debian's package is prometheus");
    }
    try {
      String asked = Files.readString(setUp.resolve("prometheus.yml"));
      String told =
          CONSUL.matcher(asked).replaceFirst("    file_sd_configs: [{files: [targets.json]}]\n");
      if (told.equals(asked)) {
        throw new IllegalStateException("prometheus.yml does not ask Consul");
      }
      Path config = Files.writeString(folder.resolve("prometheus.yml"), told.replace("10s", "1s"));
      Files.writeString(folder.resolve("targets.json"), targets);
      Files.copy(setUp.resolve("alerts.yml"), folder.resolve("alerts.yml"));
      Address http = Address.local(FreePorts.next());
      Process started =
          new ProcessBuilder(
                  "prometheus",
                  "--config.file=" + config,
                  "--storage.tsdb.path=" + folder.resolve("data"),
                  "--web.listen-address=" + http.host() + ":" + http.port())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("prometheus.log").toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
      await("Prometheus answers").atMost(PATIENCE).until(() -> HttpProbe.isOk(http, "/-/ready"));
      return new PrometheusProcess(started, http);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start Prometheus", e);
    }
  }

  /** What it answers at a path, as JSON. */
  public String get(String path) {
    return HttpProbe.get(http, path);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
