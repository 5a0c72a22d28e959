package io.vmqtt.standalone;

import io.vmqtt.cluster.node.Version;
import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionOrigin;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code vmqtt ROLE}: the process of one role in the foreground, until it is told to stop. */
final class RoleCommand implements Callable<Integer> {
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private final RoleProcess.Starter starter;
  private final List<RoleOption> options;
  private final Function<RoleCommand, List<String>> lines;
  private final String waitsFor;
  private final Environment environment;
  private @Nullable Settings settings;
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
      String waitsFor,
      Environment environment) {
    this.starter = starter;
    this.options = options;
    this.lines = lines;
    this.waitsFor = waitsFor;
    this.environment = environment;
    spec.name(name).mixinStandardHelpOptions(true);
    spec.usageMessage().description(description).abbreviateSynopsis(true).sortOptions(false);
    options.forEach(option -> spec.addOption(RoleOption.onCommandLine(option.option())));
    CommonOptions.all().forEach(option -> spec.addOption(RoleOption.onCommandLine(option)));
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
    Map<String, Object> properties = new HashMap<>(properties());
    properties.putAll(origins());
    options.stream()
        .flatMap(option -> environment.passedOver(option.option()).stream())
        .forEach(this::say);
    RoleProcess started = starter.start(properties);
    process = started;
    started.closeOnExit();
    say(spec.name() + ' ' + started.node().id() + " of V-MQTT " + Version.current());
    lines.apply(this).forEach(this::say);
    if (started.node().grpcPort() != 0) {
      say("gRPC   port " + started.node().grpcPort());
    }
    say(
        "HTTP   "
            + find(RoleCommands.HTTP_HOST).map(host -> host + ':').orElse("port ")
            + started.httpPort()
            + ": /health, /node/status, /prometheus");
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
   * What it was told, and the defaults where it was not, as properties; from then on {@link #find}
   * and {@link #given} know it, too.
   *
   * @throws ParameterException if something of that cannot be
   */
  Map<String, Object> properties() {
    try {
      settings = new Settings(spec.name(), this::onCommandLine, environment, commands());
      for (Option<?> option : CommonOptions.OF_LOG) {
        settings
            .text(option)
            .ifPresent(
                text -> System.setProperty(option.property(), text.toUpperCase(Locale.ROOT)));
      }
      Map<String, Object> properties = new HashMap<>();
      for (RoleOption option : options) {
        settings
            .text(option.option())
            .ifPresent(
                text -> option.properties().forEach(property -> properties.put(property, text)));
      }
      return properties;
    } catch (OptionException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Where all that is from, for operators, and what the process need not know, as properties; to be
   * asked behind {@link #properties}.
   */
  Map<String, Object> origins() {
    Map<String, Object> origins = new HashMap<>();
    Settings told = settings;
    if (told != null) {
      for (RoleOption option : options) {
        String origin = told.origin(option.option()).text();
        option
            .properties()
            .forEach(property -> origins.put(OptionOrigin.propertyOf(property), origin));
      }
      for (Option<?> option : CommonOptions.all()) {
        told.text(option).ifPresent(text -> origins.put(option.property(), text));
        origins.put(OptionOrigin.propertyOf(option.property()), told.origin(option).text());
      }
    }
    return origins;
  }

  /** Given behind the command or, as what every command can be told, before it. */
  private Optional<String> onCommandLine(String option) {
    String behind = spec.commandLine().getParseResult().matchedOptionValue(option, null);
    return Optional.ofNullable(
        behind == null
            ? spec.parent().commandLine().getParseResult().matchedOptionValue(option, null)
            : behind);
  }

  /** The names of the options of all commands, by theirs. */
  private Map<String, Set<String>> commands() {
    Map<String, Set<String>> commands = new HashMap<>();
    for (CommandLine command : spec.parent().subcommands().values()) {
      if (command.getCommandSpec().userObject() instanceof RoleCommand role) {
        Set<String> names = new HashSet<>();
        CommonOptions.OF_LOG.forEach(option -> names.add(option.name()));
        role.options().forEach(option -> names.add(option.name()));
        commands.put(role.spec().name(), names);
      }
    }
    return commands;
  }

  /** The value of an option as it is written, if there is one. */
  Optional<String> find(String name) {
    Settings told = settings;
    return told == null ? Optional.empty() : option(name).flatMap(told::text);
  }

  /** Who said what of an option, if anybody did. */
  Optional<Settings.Given> given(String name) {
    Settings told = settings;
    return told == null ? Optional.empty() : option(name).flatMap(told::given);
  }

  private Optional<Option<?>> option(String name) {
    for (RoleOption option : options) {
      if (option.name().equals(name)) {
        return Optional.of(option.option());
      }
    }
    return Optional.empty();
  }

  /** Where the value of an option is from, to be put behind a complaint. */
  String originOf(String name) {
    return given(name).map(Settings.Given::origin).orElse("");
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

  /** On standard output, as all else that is logged. */
  private void say(String line) {
    String format = System.getProperty(CommonOptions.LOG_FORMAT.property());
    if (CommonOptions.LogFormat.JSON.name().equals(format)) {
      // Not a field: the log begins with the first that is asked for, and goes by the options.
      LoggerFactory.getLogger(RoleCommand.class).info("{}", line);
    } else {
      PrintWriter out = spec.commandLine().getOut();
      out.println(line);
      out.flush();
    }
  }
}
