package io.vmqtt.standalone;

import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.cluster.access.TopicAction;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.rules.ClientRules;
import io.vmqtt.gateway.access.rules.Decision;
import io.vmqtt.gateway.access.rules.LiveRules;
import io.vmqtt.model.InvalidTopicFilterException;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.SubscriptionOptions;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.model.TopicName;
import io.vmqtt.registry.access.AccessFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vmqtt access}: what files of rules and of bans say, without a broker. */
@Command(
    name = "access",
    description =
        "Looks at a file with rules about who may publish and subscribe what, and changes one with bans.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Vmqtt.VersionLine.class,
    subcommands = {
      AccessCommand.Check.class,
      AccessCommand.Test.class,
      BanCommands.Add.class,
      BanCommands.TakeBack.class,
      BanCommands.All.class,
      BanCommands.Forgive.class,
      BanCommands.AllForgiven.class
    })
final class AccessCommand extends CommandGroup {

  private static AccessSettings read(Path path, String as, CommandSpec spec) {
    AccessFile file = new AccessFile(path, as);
    try {
      return file.read(file.text());
    } catch (OptionException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static void say(CommandSpec spec, String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }

  /** {@code vmqtt access check}. */
  @Command(
      name = "check",
      description = "Says whether a file can be used, and if not, which line is wrong.",
      mixinStandardHelpOptions = true,
      versionProvider = Vmqtt.VersionLine.class)
  static final class Check implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", description = "The file, in YAML.")
    private Path file = Path.of("");

    @Override
    public Integer call() {
      TopicRules rules = read(file, "FILE", spec).rules();
      say(
          spec,
          file
              + (rules == null
                  ? " has no rules: everything is allowed"
                  : " has " + rules.rules().size() + " rules"));
      return CommandLine.ExitCode.OK;
    }
  }

  /** {@code vmqtt access test}. */
  @Command(
      name = "test",
      description = "Says whether a client may do something, and which line decides.",
      mixinStandardHelpOptions = true,
      versionProvider = Vmqtt.VersionLine.class,
      sortOptions = false,
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {"0:it may", "1:it may not", "2:the command or the file is wrong"})
  static final class Test implements Callable<Integer> {
    private static final int DENIED = 1;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "ACTION", description = "publish or subscribe.")
    private String action = "";

    @Option(
        names = "--access",
        paramLabel = "FILE",
        description = "The rules of all, in YAML; none if left out.")
    private @Nullable Path file;

    @Option(
        names = "--rules",
        paramLabel = "FILE",
        description =
            "Rules of the client's own, as its token, a service or a database says them, in JSON;"
                + " none if left out.")
    private @Nullable Path ownFile;

    @Option(
        names = "--topic",
        required = true,
        paramLabel = "TOPIC",
        description = "What to publish to, or the filter to subscribe to.")
    private String topic = "";

    @Option(names = "--user", paramLabel = "NAME", description = "User name; none if left out.")
    private @Nullable String user;

    @Option(
        names = "--client-id",
        required = true,
        paramLabel = "ID",
        description = "Client identifier.")
    private String clientId = "";

    @Option(
        names = "--namespace",
        defaultValue = "",
        paramLabel = "NAME",
        description = "Where the client is; the nameless one if left out.")
    private String namespace = "";

    @Option(
        names = "--certificate",
        paramLabel = "FILE",
        description = "Its certificate, in PEM; none if left out.")
    private @Nullable Path certificate;

    @Option(
        names = "--claim",
        paramLabel = "NAME=VALUE",
        description = "What its proof says of it; may be repeated.")
    private Map<String, String> claims = new HashMap<>();

    @Option(
        names = "--qos",
        defaultValue = "0",
        paramLabel = "N",
        description = "0, 1 or 2; ${DEFAULT-VALUE} if left out.")
    private int qos;

    @Option(names = "--retain", description = "The publish is to be retained.")
    private boolean retain;

    @Override
    public Integer call() {
      if (file == null && ownFile == null) {
        throw wrong("--access FILE is needed, or --rules FILE");
      }
      TopicRules rules = file == null ? null : read(file, "--access", spec).rules();
      OwnRules own = own();
      if (rules == null && own == null) {
        say(spec, "allowed: " + file + " has no rules");
        return CommandLine.ExitCode.OK;
      }
      LiveRules live = new LiveRules();
      live.follow(new AccessSettings(0, rules));
      Decision decision = decide(Objects.requireNonNull(live.of(identity().with(own))));
      say(spec, (decision.isAllowed() ? "allowed: " : "denied: ") + reason(decision, rules, own));
      return decision.isAllowed() ? CommandLine.ExitCode.OK : DENIED;
    }

    private @Nullable OwnRules own() {
      if (ownFile == null) {
        return null;
      }
      try {
        return OwnRules.read(Files.readString(ownFile));
      } catch (IOException e) {
        throw wrong("--rules: " + ownFile + " cannot be read: " + e);
      } catch (IllegalArgumentException e) {
        throw wrong("--rules: " + ownFile + ": " + e.getMessage());
      }
    }

    private Identity identity() {
      try {
        return new Identity(Namespace.of(namespace), clientId, user, null, certificate(), claims);
      } catch (IllegalArgumentException e) {
        throw wrong("--namespace: " + e.getMessage());
      }
    }

    private @Nullable X509Certificate certificate() {
      if (certificate == null) {
        return null;
      }
      try (InputStream in = Files.newInputStream(certificate)) {
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      } catch (IOException | CertificateException e) {
        throw wrong("--certificate: " + certificate + " cannot be read: " + e);
      }
    }

    private Decision decide(ClientRules rules) {
      return switch (toDo()) {
        case PUBLISH -> {
          if (!TopicName.isValid(topic)) {
            throw wrong("--topic: '" + topic + "' is no topic name");
          }
          yield rules.publish(topic, level(), retain);
        }
        case SUBSCRIBE -> {
          if (retain) {
            throw wrong("--retain is for publish");
          }
          yield rules.subscribe(new Subscription(filter(), SubscriptionOptions.of(level()), 0));
        }
      };
    }

    private TopicAction toDo() {
      try {
        return TopicAction.of(action);
      } catch (IllegalArgumentException e) {
        throw wrong("ACTION: " + e.getMessage());
      }
    }

    private Qos level() {
      try {
        return Qos.of(qos);
      } catch (IllegalArgumentException e) {
        throw wrong("--qos: " + e.getMessage());
      }
    }

    private TopicFilter filter() {
      try {
        return TopicFilter.parse(topic);
      } catch (InvalidTopicFilterException e) {
        throw wrong("--topic: " + e.getMessage());
      }
    }

    private ParameterException wrong(String what) {
      return new ParameterException(spec.commandLine(), what);
    }

    private String reason(Decision decision, @Nullable TopicRules rules, @Nullable OwnRules own) {
      return decision.rule() == null
          ? otherwise(rules, own)
          : (decision.isOwn() ? ownFile : file) + ", " + decision.text();
    }

    private String otherwise(@Nullable TopicRules rules, @Nullable OwnRules own) {
      boolean ownDecides = own != null && (own.otherwise() != null || rules == null);
      String files = ownDecides ? "" + ownFile : own == null ? "" + file : ownFile + " and " + file;
      boolean isDefault = rules != null || (own != null && own.otherwise() != null);
      return "no rule of "
          + files
          + " is about it, so "
          + (isDefault ? "its default decides" : "it is not allowed");
    }
  }
}
