package io.vmqtt.testkit.process;

import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.net.HttpProbe;
import io.vmqtt.testkit.raw.RawConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * The standalone broker as a process, for one test class:
 *
 * <pre>{@code
 * @RegisterExtension static final BrokerProcess broker = BrokerProcess.standalone();
 * }</pre>
 *
 * <p>With the system property {@code vmqtt.test.broker} at {@code HOST:PORT}, the tests speak to
 * the broker there instead, which shows what another implementation makes of them; tests that must
 * stop or look into the process are then skipped.
 */
public final class BrokerProcess implements BeforeAllCallback, AfterAllCallback, TestWatcher {
  private final List<String> options;
  private final @Nullable Address elsewhere;
  private final Address mqtt;
  private final Address http;
  private List<String> launcher = List.of();
  private Function<Path, Map<String, String>> environment = _ -> Map.of();
  private @Nullable ScratchFolder folder;
  private @Nullable ServerProcess process;

  private BrokerProcess(List<String> options) {
    this.options = options;
    String named = System.getProperty("vmqtt.test.broker", "");
    this.elsewhere = named.isEmpty() ? null : Address.parse(named);
    this.mqtt = elsewhere == null ? Address.local(FreePorts.next()) : elsewhere;
    this.http = Address.local(FreePorts.next());
  }

  /**
   * A broker on free ports, in a new data folder.
   *
   * @param options where it is not to have its defaults
   */
  public static BrokerProcess standalone(String... options) {
    return new BrokerProcess(List.of(options));
  }

  /** The same, in a JVM with these options. */
  public BrokerProcess withJavaOptions(String options) {
    launcher = List.of("env", "VMQTT_JAVA_OPTS=" + options);
    return this;
  }

  /**
   * The same, in another environment.
   *
   * @param environment asked at each start, with the data folder
   */
  public BrokerProcess withEnvironment(Function<Path, Map<String, String>> environment) {
    this.environment = environment;
    return this;
  }

  /** Where it listens for MQTT; the same after each start. */
  public Address mqtt() {
    return mqtt;
  }

  /** Where it answers HTTP. */
  public Address http() {
    return http;
  }

  /** Its data folder. */
  public Path data() {
    return folder().resolve("data");
  }

  /** Starts it, again perhaps, on the same ports and data, and waits until it serves. */
  public void start() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "standalone",
                "--port",
                String.valueOf(mqtt.port()),
                "--http-port",
                String.valueOf(http.port()),
                "--data",
                data().toString()));
    arguments.addAll(options);
    List<String> command = new ArrayList<>(List.of("env"));
    environment.apply(data()).forEach((name, value) -> command.add(name + '=' + value));
    command.addAll(launcher);
    ServerProcess started =
        ServerProcess.start("standalone", command, arguments, folder().resolve("standalone.log"));
    process = started;
    started.awaitReady("GET /health is 200", () -> HttpProbe.isOk(http, "/health"));
    started.awaitReady("CONNECT is accepted", () -> RawConnection.isAcceptedBy(mqtt));
  }

  /** The process, for tests that stop it; a test that calls this is skipped without one. */
  public ServerProcess process() {
    ServerProcess current = process;
    if (current == null) {
      return Assumptions.abort("the broker at " + mqtt + " is not ours to stop");
    }
    return current;
  }

  private ScratchFolder folder() {
    ScratchFolder current = folder;
    if (current == null) {
      return Assumptions.abort("the broker at " + mqtt + " is not ours to look into");
    }
    return current;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (elsewhere == null) {
      folder = new ScratchFolder();
      start();
    }
  }

  @Override
  public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
    if (process != null) {
      System.err.println(context.getDisplayName() + " failed\n" + process.describe());
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (process != null) {
      process.kill();
    }
    if (folder != null) {
      folder.delete();
    }
  }
}
