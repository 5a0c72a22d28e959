package io.vmqtt.standalone.admin;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vmqtt admin}: looks at a running cluster, and has it do something. */
@Command(
    name = "admin",
    description = "Looks at a running cluster, and has it do something.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Each command takes --url, --user and --password-file, which may also be said by",
      "VMQTT_ADMIN_URL, VMQTT_ADMIN_USER and VMQTT_ADMIN_PASSWORD_FILE, or by --profile.",
    })
public final class AdminCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private AdminCommand() {}

  /**
   * The command with those below it.
   *
   * @param variables of the environment
   */
  public static CommandLine of(Map<String, String> variables) {
    CommandLine admin = new CommandLine(new AdminCommand());
    List.of(
            new ClusterCommands.AllNodes(variables),
            new NodeCommands.Configuration(variables),
            new NodeCommands.SetOptions(variables),
            new NodeCommands.Listeners(variables),
            new NodeCommands.LogLevels(variables),
            new NodeCommands.ThreadDump(variables),
            new NodeCommands.FlightRecording(variables),
            new NodeCommands.HeapDump(variables),
            new NodeCommands.Diagnostics(variables),
            new ClusterCommands.AllShards(variables),
            new ClusterCommands.Lead(variables),
            new ClusterCommands.AllAlarms(variables),
            new ClientCommands.All(variables),
            new ClientCommands.One(variables),
            new ClientCommands.Where(variables),
            new ClientCommands.Disconnect(variables),
            new SessionCommands.All(variables),
            new SessionCommands.One(variables),
            new SessionCommands.Queue(variables),
            new SessionCommands.Clear(variables),
            new SessionCommands.End(variables),
            new MessageCommands.Retained(variables),
            new RetainedCommands.One(variables),
            new RetainedCommands.Put(variables),
            new RetainedCommands.Delete(variables),
            new RetainedCommands.Export(variables),
            new MessageCommands.Publish(variables),
            new SubscribeCommand(variables),
            new SettingCommands.Access(variables),
            new SettingCommands.AllBans(variables),
            new SettingCommands.Namespaces(variables),
            new BanCommands.Ban(variables),
            new BanCommands.Unban(variables),
            new BanCommands.HoldOffs(variables),
            new BanCommands.Pardon(variables),
            new RouteCommands.Explain(variables),
            new RouteCommands.All(variables),
            new TopCommand(variables),
            new TraceCommands.Follow(variables),
            new TraceCommands.All(variables),
            new TraceCommands.End(variables),
            new ClusterCommands.Audit(variables),
            new ClusterCommands.Me(variables))
        .forEach(admin::addSubcommand);
    return admin;
  }

  /** Without one of them. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is needed: " + String.join(", ", spec.subcommands().keySet()));
  }
}
