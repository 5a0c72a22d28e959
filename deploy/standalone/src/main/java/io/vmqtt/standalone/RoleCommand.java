package io.vmqtt.standalone;

import io.vmqtt.cluster.node.Version;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmqtt ROLE}: the process of one role in the foreground, until it is told to stop. */
final class RoleCommand implements Callable<Integer> {
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private final RoleProcess.Starter starter;
  private final List<RoleOption> options;
  private final Function<RoleCommand, List<String>> lines;
  private final String waitsFor;
  private @Nullable RoleProcess process;

  /**
   * @param name the command
   * @param starter starts the process
   * @param lines what to say of a started one beside the ports that all roles have
   * @param waitsFor what one that is not ready waits for
   */
  RoleCommand(
      String name,
      String description,
      RoleProcess.Starter starter,
      List<RoleOption> options,
      Function<RoleCommand, List<String>> lines,
      String waitsFor) {
    this.starter = starter;
    this.options = options;
    this.lines = lines;
    this.waitsFor = waitsFor;
    spec.name(name).mixinStandardHelpOptions(true);
    spec.usageMessage().description(description).abbreviateSynopsis(true).sortOptions(false);
    options.forEach(option -> spec.addOption(option.spec()));
  }

  CommandSpec spec() {
    return spec;
  }

  /** What it can be told, beside what every command can. */
  List<RoleOption> options() {
    return options;
  }

  @Override
  public Integer call() throws StartException, InterruptedException {
    if (spec.defaultValueProvider() instanceof Environment environment) {
      spec.options().stream().flatMap(o -> environment.passedOver(o).stream()).forEach(this::say);
    }
    RoleProcess started = starter.start(properties());
    process = started;
    started.closeOnExit();
    say(spec.name() + ' ' + started.node().id() + " of V-MQTT " + Version.current());
    lines.apply(this).forEach(this::say);
    if (started.node().grpcPort() != 0) {
      say("gRPC   port " + started.node().grpcPort());
    }
    say("HTTP   " + httpHost() + started.httpPort() + ": /health, /node/status, /prometheus");
    if (!started.isReady()) {
      say("waiting for " + waitsFor);
    }
    boolean closed = false;
    while (!closed && !started.isReady()) {
      closed = started.awaitClosed(LOOK_EVERY);
    }
    if (!closed) {
      say("ready");
    }
    started.awaitClosed();
    return CommandLine.ExitCode.OK;
  }

  private String httpHost() {
    Object host = spec.findOption(RoleCommands.HTTP_HOST).getValue();
    return host == null ? "port " : host + ":";
  }

  /** The options as properties. */
  Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>();
    for (RoleOption option : options) {
      Object value = option.spec().getValue();
      if (value != null) {
        option.properties().forEach(property -> properties.put(property, value));
      }
    }
    // Micronaut takes -1 for any free port.
    properties.computeIfPresent(
        RoleProcess.HTTP_PORT, (property, port) -> port.equals(0) ? -1 : port);
    return properties;
  }

  /** The value of an option. */
  Object option(String name) {
    Object value = spec.findOption(name).getValue();
    if (value == null) {
      throw new IllegalStateException(name + " has no value");
    }
    return value;
  }

  /** What the started process says of itself under a key. */
  String meta(String key) {
    RoleProcess started = process;
    return started == null ? "" : started.node().meta().getOrDefault(key, "");
  }

  /** Whether the started process can be reached on its own machine alone. */
  boolean isLocalOnly() {
    RoleProcess started = process;
    return started != null && started.isLocalOnly();
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
