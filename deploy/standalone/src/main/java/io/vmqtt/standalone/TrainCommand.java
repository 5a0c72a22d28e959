package io.vmqtt.standalone;

import io.vmqtt.cluster.process.StartException;
import io.vmqtt.standalone.training.Training;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vmqtt train}: what a JVM learns of the broker, for those that start later. */
@Command(
    name = "train",
    description = "Lets the JVM watch a broker under load, so that later ones start fast.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Starts a broker, and what the roles of a cluster do, on free ports of this machine with",
      "data of their own, which goes afterwards, and loads both with clients of every kind. What",
      "their JVM learns (classes, and which code is hot) goes into FILE. It is good for every",
      "role, by the same Java with the same jars: after an update train again. A JVM that",
      "cannot use it starts as without it.",
    })
final class TrainCommand implements Callable<Integer> {
  private static final int LEAST_SECONDS = 4;
  private static final int MOST_SECONDS = 3_600;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "${env:VMQTT_AOT_CACHE}",
      description = "Where it goes. Default: VMQTT_AOT_CACHE, where the launcher looks for it.")
  private Path out = Path.of("");

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "40",
      description = "How long the load lasts. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Override
  public Integer call() throws IOException, InterruptedException, StartException {
    if (seconds < LEAST_SECONDS || seconds > MOST_SECONDS) {
      throw new ParameterException(
          spec.commandLine(), "--seconds is from " + LEAST_SECONDS + " to " + MOST_SECONDS);
    }
    if (out.toString().isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--out or VMQTT_AOT_CACHE is needed");
    }
    PrintWriter print = spec.commandLine().getOut();
    long received =
        new Training(TrainedProcess.class, print::println).run(out, Duration.ofSeconds(seconds));
    print.printf("%s: %d MB, after %d messages%n", out, Files.size(out) >> 20, received);
    return 0;
  }
}
