package io.vmqtt.standalone;

import io.vmqtt.cluster.node.Version;
import io.vmqtt.cluster.tls.JdkTls;
import io.vmqtt.standalone.admin.AdminCommand;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
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
      "variable named alike: --http-port is VMQTT_HTTP_PORT, and can stand in a file:",
      "vmqtt COMMAND --config FILE. An option beats its variable, and that beats the file.",
    })
public final class Vmqtt extends CommandGroup {

  /** What {@code --version} prints. */
  static final class VersionLine implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"vmqtt " + Version.current()};
    }
  }

  public static void main(String[] args) {
    JdkTls.refuseRenegotiation(); // first: HTTP may have its callers before clients have theirs
    System.exit(commandLine(System.getenv(), System.in).execute(args));
  }

  static CommandLine commandLine(Map<String, String> variables) {
    return commandLine(variables, InputStream.nullInputStream());
  }

  /** The command line with all its commands. */
  static CommandLine commandLine(Map<String, String> variables, InputStream in) {
    Complaints complaints = new Complaints();
    CommandLine vmqtt = new CommandLine(new Vmqtt());
    CommonOptions.all()
        .forEach(option -> vmqtt.getCommandSpec().addOption(RoleOption.onCommandLine(option)));
    RoleCommands.all(new Environment(variables)).forEach(role -> vmqtt.addSubcommand(role.spec()));
    CommandLine store =
        Objects.requireNonNull(vmqtt.getSubcommands().get(RoleCommands.STORE), "a role");
    store
        .addSubcommand(new StoreCommands.Check())
        .addSubcommand(new StoreCommands.ToFile())
        .addSubcommand(new StoreCommands.Convert());
    vmqtt.addSubcommand(new PasswdCommand(in));
    vmqtt.addSubcommand(new AccessCommand());
    vmqtt.addSubcommand(OperatorCommand.of(in));
    vmqtt.addSubcommand(AdminCommand.of(variables));
    vmqtt.addSubcommand(new CertificatesCommand());
    vmqtt.addSubcommand(new TrainCommand());
    vmqtt.addSubcommand(new AutoComplete.GenerateCompletion());
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
}
