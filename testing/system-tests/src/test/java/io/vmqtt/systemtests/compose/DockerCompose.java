package io.vmqtt.systemtests.compose;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The command {@code docker compose} for one project, as a user would type it.
 *
 * @param file the compose file
 * @param project keeps what it starts apart from everything else on the machine
 * @param variables of the environment
 */
record DockerCompose(Path file, String project, Map<String, String> variables) {
  private static final int SHOWN_LINES = 60;
  private static final Duration QUICK = Duration.ofSeconds(20);

  /** How a command ended, and what it printed. */
  private record Outcome(int exitCode, List<String> output) {
    String lastLines() {
      return String.join(
          "\n", output.subList(Math.max(0, output.size() - SHOWN_LINES), output.size()));
    }

    AssertionError failureOf(List<String> command, String logs) {
      return new AssertionError(
          command + " ended with " + exitCode + ":\n" + lastLines() + "\n" + logs);
    }
  }

  /** What this machine lacks, in a few words; empty if nothing. */
  static String missing() {
    try {
      if (run(List.of("docker", "compose", "version"), Map.of(), QUICK).exitCode != 0) {
        return "docker has no 'compose'";
      }
      return run(List.of("docker", "info"), Map.of(), QUICK).exitCode == 0
          ? ""
          : "no Docker engine answers";
    } catch (UncheckedIOException e) {
      return "there is no command 'docker'";
    }
  }

  /** Kills a container by its id: nobody starts it again. */
  static void kill(String container) {
    List<String> command = List.of("docker", "kill", container);
    Outcome outcome = run(command, Map.of(), QUICK);
    if (outcome.exitCode != 0) {
      throw outcome.failureOf(command, "");
    }
  }

  /** What Docker tells of containers. */
  static String inspect(Collection<String> containers) {
    List<String> command = new ArrayList<>(List.of("docker", "inspect"));
    command.addAll(containers);
    Outcome outcome = run(command, Map.of(), QUICK);
    if (outcome.exitCode != 0) {
      throw outcome.failureOf(command, "");
    }
    return String.join("\n", outcome.output);
  }

  /** Runs a command of compose; if it fails or takes too long, what it printed is in the error. */
  void command(Duration patience, String... arguments) {
    var _ = output(patience, arguments);
  }

  /** The lines that a command of compose prints which asks and changes nothing. */
  List<String> answer(String... arguments) {
    return output(QUICK, arguments);
  }

  private List<String> output(Duration patience, String... arguments) {
    Outcome outcome = run(commandLine(arguments), variables, patience);
    if (outcome.exitCode != 0) {
      throw outcome.failureOf(commandLine(arguments), logs());
    }
    return outcome.output;
  }

  /** The last lines of every container. */
  String logs() {
    return run(commandLine("logs", "--no-color", "--tail", "15"), variables, QUICK).lastLines();
  }

  private List<String> commandLine(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of("docker", "compose", "--file", file.toString(), "--project-name", project));
    command.addAll(List.of("--progress", "plain"));
    command.addAll(List.of(arguments));
    return command;
  }

  private static Outcome run(
      List<String> command, Map<String, String> variables, Duration patience) {
    try {
      Path output = Files.createTempFile("docker-compose-", ".log");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
          process.destroy();
        }
        return new Outcome(ended ? process.exitValue() : -1, Files.readAllLines(output));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + command, e);
    }
  }
}
