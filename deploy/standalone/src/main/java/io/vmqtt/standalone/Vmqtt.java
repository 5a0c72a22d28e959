package io.vmqtt.standalone;

import io.vmqtt.cluster.node.Version;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code vmqtt}: starts the broker, whole or one role of it. */
@Command(
    name = "vmqtt",
    description = "V-MQTT, an MQTT 3.1.1 / 5.0 broker cluster.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Vmqtt.VersionLine.class,
    sortOptions = false,
    footer = {
      "",
      "'vmqtt COMMAND --help' lists the options of a command. Each has an environment",
      "variable named alike: --http-port is VMQTT_HTTP_PORT. An option beats its variable.",
    })
public final class Vmqtt implements Runnable {

  /** Read by logback.xml. */
  static final String LOG_LEVEL = "vmqtt.log-level";

  @Spec private CommandSpec spec = CommandSpec.create();

  /** How much the broker's own classes log. */
  enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  /** What {@code --version} prints. */
  static final class VersionLine implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"vmqtt " + Version.current()};
    }
  }

  /** Picocli calls this while it reads the command line: before anything logs. */
  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      scope = ScopeType.INHERIT,
      defaultValue = "INFO",
      description =
          "ERROR, WARN, INFO, DEBUG or TRACE (VMQTT_LOG_LEVEL; default ${DEFAULT-VALUE}).")
  void logLevel(LogLevel level) {
    System.setProperty(LOG_LEVEL, level.name());
  }

  public static void main(String[] args) {
    System.exit(commandLine(System.getenv()).execute(args));
  }

  /** The command line with all its commands. */
  static CommandLine commandLine(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    Complaints complaints = new Complaints(environment);
    CommandLine vmqtt = new CommandLine(new Vmqtt());
    RoleCommands.all().forEach(role -> vmqtt.addSubcommand(role.spec()));
    vmqtt.setCaseInsensitiveEnumValuesAllowed(true);
    vmqtt.setDefaultValueProvider(environment);
    vmqtt.setExecutionStrategy(Vmqtt::execute);
    vmqtt.setParameterExceptionHandler(complaints);
    vmqtt.setExecutionExceptionHandler(complaints);
    vmqtt
        .getSubcommands()
        .values()
        .forEach(command -> command.getCommandSpec().versionProvider(new VersionLine()));
    return vmqtt;
  }

  /** Help is not given for what is not there: picocli would pass over it. */
  private static int execute(ParseResult parsed) {
    for (CommandLine command : parsed.asCommandLineList()) {
      List<String> unmatched = command.getUnmatchedArguments();
      if (!unmatched.isEmpty()) {
        throw new UnmatchedArgumentException(command, unmatched);
      }
    }
    return new RunLast().execute(parsed);
  }

  /** Without a command. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is needed: " + String.join(", ", spec.subcommands().keySet()));
  }
}
