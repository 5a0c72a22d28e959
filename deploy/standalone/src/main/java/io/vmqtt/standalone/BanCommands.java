package io.vmqtt.standalone;

import io.vmqtt.cluster.bans.Ban;
import io.vmqtt.cluster.bans.Banned;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.cluster.bans.Pardon;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionType;
import io.vmqtt.model.Namespace;
import io.vmqtt.registry.bans.BansFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code vmqtt access ban}, {@code unban} and {@code bans}, {@code pardon} and {@code pardons}: the
 * file of bans.
 */
final class BanCommands {
  private static final int NOT_THERE = 1;

  private BanCommands() {}

  /** What all of them are about. */
  abstract static class OfAFile implements Callable<Integer> {
    @Spec CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", description = "The file that --bans names, in YAML.")
    Path file = Path.of("");

    final Bans bans() throws IOException {
      return Files.exists(file) ? read(Files.readString(file)) : Bans.NONE;
    }

    private Bans read(String text) {
      try {
        return new BansFile(file, "FILE").read(text);
      } catch (OptionException e) {
        throw wrong(String.valueOf(e.getMessage()));
      }
    }

    /**
     * Changes them while nobody else does.
     *
     * @return whether the change was one
     */
    final boolean changed(UnaryOperator<Bans> change) throws IOException {
      return ReplacedFile.alone(
          file,
          () -> {
            Bans before = bans();
            Bans after = change.apply(before);
            boolean any = !after.saysTheSameAs(before);
            if (any) {
              write(after);
            }
            return any;
          });
    }

    /** What has ended is written no more. */
    private void write(Bans bans) throws IOException {
      Instant now = Instant.now();
      String text =
          BansFile.write(
              new Bans(
                  0,
                  bans.all().stream().filter(ban -> !ban.hasEnded(now)).toList(),
                  bans.pardons().stream().filter(pardon -> !pardon.hasEnded(now)).toList()));
      var _ = read(text);
      ReplacedFile.write(file, text);
    }

    final void say(String line) {
      spec.commandLine().getOut().println(line);
      spec.commandLine().getOut().flush();
    }

    final ParameterException wrong(String what) {
      return new ParameterException(spec.commandLine(), what);
    }
  }

  /** Whom it is about. */
  static final class About {
    @Option(names = "--client-id", required = true, paramLabel = "ID", description = "Client id.")
    private @Nullable String clientId;

    @Option(names = "--user", required = true, paramLabel = "NAME", description = "User name.")
    private @Nullable String user;

    @Option(
        names = "--address",
        required = true,
        paramLabel = "ADDRESS",
        description = "Address, or network such as 203.0.113.0/24.")
    private @Nullable String address;

    private String label() {
      return clientId != null ? "client-id" : user != null ? "user" : "address";
    }

    Banned banned() {
      String text = clientId != null ? clientId : user != null ? user : address;
      try {
        return Banned.of(label(), text == null ? "" : text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("--" + label() + ": " + e.getMessage(), e);
      }
    }
  }

  /** For people. */
  static final class Why {
    @Option(names = "--reason", defaultValue = "", paramLabel = "TEXT", description = "Why.")
    private String reason = "";

    @Option(
        names = "--by",
        defaultValue = "${sys:user.name}",
        paramLabel = "NAME",
        description = "Who says so; who runs this if left out.")
    private String by = "";
  }

  /** One ban or pardon. */
  abstract static class OfOne extends OfAFile {
    @ArgGroup(multiplicity = "1")
    About about = new About();

    final Banned banned() {
      try {
        return about.banned();
      } catch (IllegalArgumentException e) {
        throw wrong(String.valueOf(e.getMessage()));
      }
    }
  }

  /** One ban. */
  abstract static class OfOneBan extends OfOne {
    @Option(
        names = "--namespace",
        paramLabel = "NAME",
        description = "Where; everywhere if left out, \"\" is the nameless one.")
    @Nullable String namespace;

    static List<Ban> without(Bans bans, Banned who, @Nullable Namespace where) {
      List<Ban> all = new ArrayList<>(bans.all());
      all.removeIf(ban -> ban.isAboutTheSameAs(who, where));
      return all;
    }

    final @Nullable Namespace where() {
      try {
        return namespace == null ? null : Namespace.of(namespace);
      } catch (IllegalArgumentException e) {
        throw wrong("--namespace: " + e.getMessage());
      }
    }
  }

  /** {@code vmqtt access ban}. */
  @Command(
      name = "ban",
      description = "Bans a client id, a user or an address, in a file that --bans names.",
      mixinStandardHelpOptions = true,
      versionProvider = Vmqtt.VersionLine.class,
      sortOptions = false,
      footer = {
        "",
        "The file is made if it is not there, for its owner alone, and written anew:",
        "comments in it are lost. Its registry has the cluster know within a second;",
        "who is connected is disconnected.",
      })
  static final class Add extends OfOneBan {
    private static final OptionType<Duration> TIME =
        OptionType.time(Duration.ofSeconds(1), Duration.ofDays(3_650));

    @Mixin private Why why = new Why();

    @ArgGroup private End end = new End();

    /** When it ends; never if left out. */
    static final class End {
      @Option(names = "--for", paramLabel = "TIME", description = "How long, such as 90m.")
      private @Nullable String time;

      @Option(
          names = "--until",
          paramLabel = "TIME",
          description = "When it ends, such as 2026-12-24T18:00:00Z; never without both.")
      private @Nullable String until;
    }

    @Override
    public Integer call() throws IOException {
      Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      Ban ban = new Ban(banned(), where(), why.reason, why.by, now, until(now));
      changed(
          bans -> {
            List<Ban> all = without(bans, ban.who(), ban.namespace());
            all.add(ban);
            return new Bans(0, all, bans.pardons());
          });
      say(file + ": " + ban + " is banned" + (ban.until() == null ? "" : " until " + ban.until()));
      return CommandLine.ExitCode.OK;
    }

    private @Nullable Instant until(Instant now) {
      try {
        if (end.time != null) {
          return now.plus(TIME.read(end.time, "--for"));
        }
        return end.until == null ? null : Instant.parse(end.until);
      } catch (OptionException e) {
        throw wrong(String.valueOf(e.getMessage()));
      } catch (DateTimeException e) {
        throw wrong("--until: '" + end.until + "' is no time such as 2026-12-24T18:00:00Z");
      }
    }
  }

  /** {@code vmqtt access unban}. */
  @Command(
      name = "unban",
      description = "Takes a ban back, in a file that --bans names.",
      mixinStandardHelpOptions = true,
      versionProvider = Vmqtt.VersionLine.class,
      sortOptions = false,
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {"0:done", "1:there was no such ban", "2:the command or the file is wrong"})
  static final class TakeBack extends OfOneBan {
    @Override
    public Integer call() throws IOException {
      Banned who = banned();
      Namespace where = where();
      if (!changed(bans -> new Bans(0, without(bans, who, where), bans.pardons()))) {
        say(file + ": " + who.label() + ' ' + who.text() + " is not banned");
        return NOT_THERE;
      }
      say(file + ": " + who.label() + ' ' + who.text() + " is banned no longer");
      return CommandLine.ExitCode.OK;
    }
  }

  /** All of a kind, a line for each. */
  abstract static class OfAllLines extends OfAFile {
    abstract Stream<String> lines(Bans bans);

    @Override
    public final Integer call() throws IOException {
      lines(bans()).forEach(this::say);
      return CommandLine.ExitCode.OK;
    }

    static String why(String by, String reason) {
      return (by.isEmpty() ? "" : ", by " + by) + (reason.isEmpty() ? "" : ": " + reason);
    }
  }

  /** {@code vmqtt access bans}. */
  @Command(
      name = "bans",
      description = "Lists the bans in a file, a line for each.",
      mixinStandardHelpOptions = true,
      versionProvider = Vmqtt.VersionLine.class)
  static final class All extends OfAllLines {
    @Override
    Stream<String> lines(Bans bans) {
      Instant now = Instant.now();
      return bans.all().stream().map(ban -> line(ban, now));
    }

    private static String line(Ban ban, Instant now) {
      StringBuilder line = new StringBuilder(ban.toString());
      if (ban.until() != null) {
        line.append(ban.hasEnded(now) ? ", ended " : ", until ").append(ban.until());
      }
      if (ban.since() != null) {
        line.append(", since ").append(ban.since());
      }
      return line.append(why(ban.by(), ban.reason())).toString();
    }
  }

  /** {@code vmqtt access pardon}. */
  @Command(
      name = "pardon",
      description = {
        "Takes back hold-offs, in a file that --bans names: those of an address or network with all",
        "who come from there, or those of a user or client id, wherever they come from."
      },
      mixinStandardHelpOptions = true,
      versionProvider = Vmqtt.VersionLine.class,
      sortOptions = false,
      footer = {
        "",
        "It is about what has begun by now, in every namespace, and its failures begin to be",
        "counted anew; whoever goes on guessing is held off again. Who is banned stays so.",
        "The file is written as by 'ban'. A pardon leaves it with what is written a day later.",
      })
  static final class Forgive extends OfOne {
    @Mixin private Why why = new Why();

    @Override
    public Integer call() throws IOException {
      Banned who = banned();
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      Pardon pardon = new Pardon(who, now, why.reason, why.by);
      changed(
          bans -> {
            List<Pardon> all = new ArrayList<>(bans.pardons());
            all.removeIf(one -> one.who().equals(who));
            all.add(pardon);
            return new Bans(0, bans.all(), all);
          });
      say(file + ": " + pardon + " is pardoned");
      return CommandLine.ExitCode.OK;
    }
  }

  /** {@code vmqtt access pardons}. */
  @Command(
      name = "pardons",
      description = "Lists the pardons in a file, a line for each.",
      mixinStandardHelpOptions = true,
      versionProvider = Vmqtt.VersionLine.class)
  static final class AllForgiven extends OfAllLines {
    @Override
    Stream<String> lines(Bans bans) {
      return bans.pardons().stream()
          .map(pardon -> pardon + ", at " + pardon.at() + why(pardon.by(), pardon.reason()));
    }
  }
}
