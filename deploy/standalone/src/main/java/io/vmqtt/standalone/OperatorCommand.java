package io.vmqtt.standalone;

import io.vmqtt.cluster.operators.Operator;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.cluster.operators.Operators;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.model.Namespace;
import io.vmqtt.registry.operators.OperatorPassword;
import io.vmqtt.registry.operators.OperatorsFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vmqtt operator}: the file of those who may look at a cluster, and change it. */
@Command(
    name = "operator",
    description = "Changes a file with those who may look at a cluster, and change it.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Vmqtt.VersionLine.class)
final class OperatorCommand extends CommandGroup {

  /** The command with those below it. */
  static CommandLine of(InputStream in) {
    return new CommandLine(new OperatorCommand())
        .addSubcommand(new Put(in))
        .addSubcommand(new Delete());
  }

  /** About one of them. */
  abstract static class OfOne implements Callable<Integer> {
    @Spec CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "FILE", description = "The file that --operators names.")
    Path file = Path.of("");

    @Parameters(index = "1", paramLabel = "NAME", description = "Who it is.")
    String name = "";

    final List<Operator> others() throws IOException {
      List<Operator> others = new ArrayList<>(all());
      others.removeIf(operator -> operator.name().equals(name));
      return others;
    }

    final List<Operator> all() throws IOException {
      if (!Files.exists(file) || Files.readString(file).isBlank()) {
        return List.of();
      }
      try {
        return new OperatorsFile(file, "FILE").read(Files.readString(file)).all();
      } catch (OptionException e) {
        throw wrong(String.valueOf(e.getMessage()));
      }
    }

    final void write(List<Operator> operators) throws IOException {
      ReplacedFile.write(file, OperatorsFile.write(new Operators(0, operators)));
    }

    final void say(String done) {
      spec.commandLine().getOut().println(file + ": operator '" + name + "' " + done);
      spec.commandLine().getOut().flush();
    }

    final ParameterException wrong(String what) {
      return new ParameterException(spec.commandLine(), what);
    }
  }

  /** {@code vmqtt operator set}. */
  @Command(
      name = "set",
      description = "Adds an operator, or changes one: role, namespace and password.",
      mixinStandardHelpOptions = true,
      versionProvider = Vmqtt.VersionLine.class,
      sortOptions = false,
      footer = {
        "",
        "The password is asked for; where the standard input is no terminal, it is its first",
        "line. Registries read the file again when it has changed.",
      })
  static final class Put extends OfOne {
    @Option(
        names = "--role",
        required = true,
        paramLabel = "ROLE",
        description = {
          "viewer: looks at everything but what messages say;",
          "operator: also reads messages, publishes, disconnects, ends sessions;",
          "admin: everything."
        })
    private String role = "";

    @Option(
        names = "--namespace",
        paramLabel = "NAME",
        description = "The one that is seen and changed; the whole cluster if left out.")
    private @Nullable String namespace;

    private final InputStream in;

    Put(InputStream in) {
      this.in = in;
    }

    @Override
    public Integer call() throws IOException {
      OperatorRole named =
          OperatorRole.named(role)
              .orElseThrow(() -> wrong("--role: '" + role + "' is none: viewer, operator, admin"));
      Operator operator = operator(named);
      boolean there =
          ReplacedFile.alone(
              file,
              () -> {
                boolean known = all().stream().anyMatch(one -> one.name().equals(name));
                List<Operator> after = others();
                after.add(operator);
                write(after);
                return known;
              });
      say(there ? "changed" : "added");
      return CommandLine.ExitCode.OK;
    }

    private Operator operator(OperatorRole named) throws IOException {
      byte[] password = new AskedPassword(in, spec).of(name);
      if (password.length == 0) {
        throw wrong("an empty password");
      }
      try {
        return new Operator(
            name,
            named,
            namespace == null ? null : new Namespace(namespace),
            OperatorPassword.hash(new String(password, StandardCharsets.UTF_8)));
      } catch (IllegalArgumentException e) {
        throw wrong(String.valueOf(e.getMessage()));
      }
    }
  }

  /** {@code vmqtt operator delete}. */
  @Command(
      name = "delete",
      description = "Takes an operator out of the file.",
      mixinStandardHelpOptions = true,
      versionProvider = Vmqtt.VersionLine.class,
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {"0:done", "1:there was none", "2:the command or the file is wrong"})
  static final class Delete extends OfOne {
    private static final int NOT_THERE = 1;

    @Override
    public Integer call() throws IOException {
      Optional<Boolean> done =
          ReplacedFile.alone(
              file,
              () -> {
                List<Operator> after = others();
                if (after.size() == all().size()) {
                  return Optional.<Boolean>empty();
                }
                if (after.isEmpty()) {
                  throw wrong("the last operator: there would be nobody left");
                }
                write(after);
                return Optional.of(true);
              });
      say(done.isPresent() ? "deleted" : "is not there");
      return done.isPresent() ? CommandLine.ExitCode.OK : NOT_THERE;
    }
  }
}
