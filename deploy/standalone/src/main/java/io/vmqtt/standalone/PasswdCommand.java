package io.vmqtt.standalone;

import io.vmqtt.gateway.access.passwords.PasswordFile;
import io.vmqtt.gateway.access.passwords.StoredPassword;
import io.vmqtt.gateway.access.passwords.User;
import io.vmqtt.gateway.access.scram.ScramKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vmqtt passwd}: writes the file of users that gateways read. */
@Command(
    name = "passwd",
    description = "Sets the password of a user in a file that --passwords names.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "The password is asked for; where the standard input is no terminal, it is its first",
      "line. Gateways read the file again when it has changed. Who is connected stays so.",
    })
final class PasswdCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "FILE", description = "Made if it is not there.")
  private Path file = Path.of("");

  @Parameters(index = "1", paramLabel = "USER", description = "Name, without a colon.")
  private String user = "";

  @ArgGroup private Change change = new Change();

  @Option(
      names = "--iterations",
      paramLabel = "COUNT",
      defaultValue = "15000",
      description = {
        "With --scram: what each CONNECT costs a client, and each guess somebody with the file.",
        "Default: ${DEFAULT-VALUE}, at least 4096."
      })
  private int iterations;

  private final InputStream in;

  PasswdCommand(InputStream in) {
    this.in = in;
  }

  /** What is done in place of setting a password. */
  static final class Change {
    @Option(names = "--delete", description = "Take the user out of the file.")
    private boolean delete;

    @Option(names = "--disable", description = "Keep the password, and let the user in no longer.")
    private boolean disable;

    @Option(names = "--enable", description = "Let the user in again.")
    private boolean enable;

    @Option(
        names = "--scram",
        description =
            "Set the password, kept as keys of SCRAM: the user may come in without sending it.")
    private boolean scram;
  }

  @Override
  public Integer call() throws IOException {
    // Asked for before anybody has to wait.
    StoredPassword asked = change.delete || change.disable || change.enable ? null : asked();
    boolean there = ReplacedFile.alone(file, () -> isThereAndChanged(asked));
    String done =
        change.delete
            ? "deleted"
            : change.disable ? "disabled" : change.enable ? "enabled" : there ? "changed" : "added";
    spec.commandLine().getOut().println(file + ": user '" + user + "' " + done);
    return 0;
  }

  private PasswordFile read() throws IOException {
    try {
      return PasswordFile.read(Files.exists(file) ? Files.readString(file) : "");
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** Whether the user was there before. */
  private boolean isThereAndChanged(@Nullable StoredPassword asked) throws IOException {
    PasswordFile before = read();
    Optional<User> there = before.user(user);
    if (asked == null && there.isEmpty()) {
      throw new IOException(file + ": there is no user '" + user + "'");
    }
    PasswordFile after =
        change.delete
            ? before.without(user)
            : before.with(
                new User(
                    user, asked == null ? there.orElseThrow().password() : asked, change.disable));
    ReplacedFile.write(file, (change.scram ? after.withSecret() : after).text());
    return there.isPresent();
  }

  private StoredPassword asked() throws IOException {
    if (!User.isName(user)) {
      throw new ParameterException(
          spec.commandLine(), "'" + user + "' is no user name: it is empty, or has a colon");
    }
    byte[] password = new AskedPassword(in, spec).of(user);
    if (password.length == 0) {
      throw new ParameterException(spec.commandLine(), "an empty password");
    }
    return change.scram ? forScram(password) : StoredPassword.of(password);
  }

  private StoredPassword forScram(byte[] password) {
    if (iterations < ScramKeys.LEAST_ITERATIONS || iterations > ScramKeys.MOST_ITERATIONS) {
      throw new ParameterException(
          spec.commandLine(),
          "--iterations is from "
              + ScramKeys.LEAST_ITERATIONS
              + " to "
              + ScramKeys.MOST_ITERATIONS);
    }
    try {
      return StoredPassword.forScram(password, iterations);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "a password that SCRAM cannot take: " + e.getMessage(), e);
    }
  }
}
