package io.vmqtt.standalone;

import io.vmqtt.store.convert.Conversion;
import io.vmqtt.store.host.FolderCheck;
import io.vmqtt.store.salvage.Salvage;
import io.vmqtt.store.storage.Damage;
import io.vmqtt.store.storage.DataFolder;
import io.vmqtt.store.storage.Findings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code vmqtt store check}, {@code salvage} and {@code convert}: the folder of a store that does
 * not run.
 */
final class StoreCommands {
  private static final int DAMAGED = 1;

  private StoreCommands() {}

  /** What all of them are about. */
  abstract static class OfAFolder implements Callable<Integer> {
    @Spec CommandSpec spec = CommandSpec.create();

    @Parameters(
        paramLabel = "DIR",
        description = "The folder that --data names, of a store or of standalone.")
    Path folder = Path.of("");

    @Override
    public final Integer call() throws Exception {
      try (AutoCloseable _ = DataFolder.reserve(folder)) {
        return look();
      }
    }

    abstract int look() throws Exception;

    final void say(String line) {
      spec.commandLine().getOut().println(line);
      spec.commandLine().getOut().flush();
    }
  }

  /** {@code vmqtt store check}. */
  @Command(
      name = "check",
      description = "Says which files of a store that does not run are damaged, and how.",
      mixinStandardHelpOptions = true,
      versionProvider = Vmqtt.VersionLine.class,
      exitCodeOnExecutionException = 2,
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:nothing is damaged",
        "1:something is damaged",
        "2:the command is wrong, or the folder cannot be read, or is in use"
      },
      footer = {
        "",
        "Reads all of it, and changes nothing. A line for each part: 'good', 'mends' (what a",
        "kill or a power failure leaves, and the next start mends by itself) or 'damaged'.",
      })
  static final class Check extends OfAFolder {
    @Override
    int look() throws Exception {
      Findings findings = FolderCheck.ofEverything(folder);
      findings.parts().forEach(this::say);
      List<Damage> damages = findings.damages();
      say(
          damages.isEmpty()
              ? folder + " is not damaged"
              : folder + " is damaged in " + damages.size() + " places; nothing was changed");
      return damages.isEmpty() ? CommandLine.ExitCode.OK : DAMAGED;
    }

    private void say(Findings.Part part) {
      part.damages().forEach(damage -> say("damaged  " + part.name() + ": " + damage));
      part.mends().forEach(what -> say("mends    " + part.name() + ": " + what));
      if (part.damages().isEmpty() && part.mends().isEmpty()) {
        say("good     " + part.name() + (part.what().isEmpty() ? "" : ": " + part.what()));
      }
    }
  }

  /** {@code vmqtt store salvage}. */
  @Command(
      name = "salvage",
      description = "Writes the messages that can be read of a store that cannot start to a file.",
      mixinStandardHelpOptions = true,
      versionProvider = Vmqtt.VersionLine.class,
      sortOptions = false,
      exitCodeOnExecutionException = 2,
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:everything could be read",
        "1:something could not be read, and is named",
        "2:the command is wrong, or the folder cannot be read, or is in use"
      },
      footer = {
        "",
        "Changes nothing in DIR. The file has a line of JSON for each retained message, and for",
        "each message in the queue of a session; docs/operations.md describes it, and how to",
        "publish them again. Beside the file is needed room for a copy of one shard's tables.",
      })
  static final class ToFile extends OfAFolder {
    @Option(
        names = "--to",
        required = true,
        paramLabel = "FILE",
        description = "The file; it must not be there yet.")
    private Path file = Path.of("");

    @Override
    int look() throws Exception {
      Salvage.Result result = Salvage.of(folder, file);
      result.losses().forEach(loss -> say("lost     " + loss));
      say(
          file
              + " has "
              + result.retained()
              + " retained messages, "
              + result.queued()
              + " in queues, and "
              + result.logged()
              + " of which only the log is left");
      return result.losses().isEmpty() ? CommandLine.ExitCode.OK : DAMAGED;
    }
  }

  /** {@code vmqtt store convert}. */
  @Command(
      name = "convert",
      description = "Gives the folder of a store that does not run other logs.",
      mixinStandardHelpOptions = true,
      versionProvider = Vmqtt.VersionLine.class,
      sortOptions = false,
      exitCodeOnExecutionException = 2,
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:it has such logs now",
        "2:the command is wrong, or the folder cannot be converted, or is in use"
      },
      footer = {
        "",
        "Everything in it stays, with the store's id: standalone becomes a store of a cluster, or",
        "the only store of a cluster becomes standalone. Make a copy of the folder before. One",
        "that is ended in the middle leaves a folder that nobody uses until it is called again.",
      })
  static final class Convert implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
        paramLabel = "DIR",
        description = "The folder that --data names, of a store or of standalone.")
    private Path folder = Path.of("");

    @Option(
        names = "--to",
        required = true,
        paramLabel = "LOGS",
        converter = Logs.class,
        description = {
          "raft: what stores of a cluster have;",
          "journal: what standalone has, which costs less."
        })
    private Conversion.Target target = Conversion.Target.RAFT;

    /** What stands behind {@code --to}. */
    static final class Logs implements CommandLine.ITypeConverter<Conversion.Target> {
      @Override
      public Conversion.Target convert(String text) {
        for (Conversion.Target target : Conversion.Target.values()) {
          if (target.text().equals(text)) {
            return target;
          }
        }
        throw new CommandLine.TypeConversionException("'" + text + "' is neither raft nor journal");
      }
    }

    @Override
    public Integer call() throws Exception {
      int shards = Conversion.of(folder, target);
      spec.commandLine()
          .getOut()
          .println(
              shards == 0
                  ? folder + " has such logs already; nothing was changed"
                  : folder + ": " + shards + " shards have other logs now");
      return CommandLine.ExitCode.OK;
    }
  }
}
