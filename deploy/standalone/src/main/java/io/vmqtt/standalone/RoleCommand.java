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
import picocli.CommandLine.Model.OptionSpec;

/** {@code vmqtt ROLE}: the process of one role in the foreground, until it is told to stop. */
final class RoleCommand implements Callable<Integer> {
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private static final String CONSUL = "vmqtt.consul";

  /** Options whose property is not that of the role with the same name. */
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "--consul",
          CONSUL,
          "--advertise-host",
          "vmqtt.advertise-host",
          "--http-port",
          RoleProcess.HTTP_PORT,
          "--grpc-port",
          RoleProcess.GRPC_PORT);

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private final RoleProcess.Starter starter;
  private final Function<RoleCommand, List<String>> lines;
  private final String waitsFor;
  private @Nullable RoleProcess process;

  /**
   * @param name the command, and the middle of the role's properties: {@code vmqtt.NAME.*}
   * @param starter starts the process
   * @param lines what to say of a started one beside the ports that all roles have
   * @param waitsFor what one that is not ready waits for
   */
  RoleCommand(
      String name,
      String description,
      RoleProcess.Starter starter,
      List<OptionSpec> options,
      Function<RoleCommand, List<String>> lines,
      String waitsFor) {
    this.starter = starter;
    this.lines = lines;
    this.waitsFor = waitsFor;
    spec.name(name).mixinStandardHelpOptions(true);
    spec.usageMessage().description(description).abbreviateSynopsis(true).sortOptions(false);
    options.forEach(spec::addOption);
    spec.addOption(
        RoleOptions.text(
            "--consul", "HOST:PORT", "127.0.0.1:8500", "Where Consul's HTTP interface is"));
    spec.addOption(
        RoleOptions.text(
            "--advertise-host",
            "HOST",
            "Name or address under which the others reach this process; without it, the address"
                + " that faces Consul"));
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() throws StartException, InterruptedException {
    Map<String, Object> properties = properties();
    RoleProcess started = starter.start(properties);
    process = started;
    started.closeOnExit();
    say(spec.name() + ' ' + started.node().id() + " of V-MQTT " + Version.current());
    lines.apply(this).forEach(this::say);
    if (started.node().grpcPort() != 0) {
      say("gRPC   port " + started.node().grpcPort());
    }
    say("HTTP   port " + started.httpPort() + ": /health, /node/status, /prometheus");
    say("Consul " + properties.get(CONSUL));
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

  /**
   * The options as properties: {@code --max-tasks} of a router is {@code vmqtt.router.max-tasks}.
   */
  Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>();
    for (OptionSpec option : spec.options()) {
      Object value = option.getValue();
      if (value != null && !option.inherited() && !option.usageHelp() && !option.versionHelp()) {
        properties.put(propertyOf(option.longestName()), value);
      }
    }
    // Micronaut takes -1 for any free port.
    properties.computeIfPresent(
        RoleProcess.HTTP_PORT, (property, port) -> port.equals(0) ? -1 : port);
    return properties;
  }

  private String propertyOf(String option) {
    return PROPERTIES.getOrDefault(
        option, "vmqtt." + spec.name() + '.' + option.substring("--".length()));
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

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
