package io.vmqtt.testkit.process;

import static org.awaitility.Awaitility.await;

import io.vmqtt.testkit.machine.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.core.ConditionTimeoutException;

/**
 * One child process, its output kept in a file. It never outlives this JVM, however that ends short
 * of SIGKILL.
 */
public final class ServerProcess {
  public static final Duration START_PATIENCE = Duration.ofSeconds(90);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
  private static final int SHOWN_LINES = 40;

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private final String name;
  private final Path log;
  private final Process process;

  private ServerProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts the packaged broker.
   *
   * @param name for people
   * @param arguments as for {@code vmqtt}
   * @param log where its output goes, after what is there already
   */
  public static ServerProcess start(String name, List<String> arguments, Path log) {
    return start(name, List.of(), arguments, log);
  }

  /**
   * The same, by way of a launcher.
   *
   * @param launcher a command that replaces itself by the one in its arguments
   */
  public static ServerProcess start(
      String name, List<String> launcher, List<String> arguments, Path log) {
    List<String> command = new ArrayList<>(launcher);
    command.addAll(Distribution.command(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(Distribution.environment());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      RUNNING.add(process);
      return new ServerProcess(name, log, process);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name + ": " + command, e);
    }
  }

  /** Its number among all processes of the machine. */
  public long pid() {
    return process.pid();
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /** Waits for a sign of readiness; a process that ends instead fails the test with its output. */
  public void awaitReady(String sign, BooleanSupplier isThere) {
    try {
      await(name + ": " + sign)
          .atMost(START_PATIENCE)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> !process.isAlive() || isThere.getAsBoolean());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + "\n" + describe() + threads(), e);
    }
    if (!process.isAlive()) {
      throw new AssertionError(
          name + " ended with " + process.exitValue() + " before " + sign + "\n" + describe());
    }
  }

  /** What its threads are at: who waits in vain for a start wants to know. */
  private String threads() {
    int before = output().size();
    signal("QUIT"); // A JVM goes on after it, and has printed them.
    try {
      await(name + ": prints its threads")
          .until(
              () ->
                  output().stream()
                      .skip(before)
                      .anyMatch(line -> line.startsWith("JNI global refs")));
    } catch (ConditionTimeoutException e) {
      return "\nand it does not print its threads";
    }
    return "\n" + String.join("\n", output().subList(before, output().size()));
  }

  /** Asks it to stop (SIGTERM) and waits until it has. */
  public int stop() {
    process.destroy();
    return awaitExit();
  }

  /** Ends it without warning (SIGKILL) and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** Stops it in its tracks (SIGSTOP): to the others it hangs. */
  public void pause() {
    signal("STOP");
  }

  /** Lets it go on after {@link #pause}. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String signal) {
    try {
      Process sent =
          new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
              .inheritIO()
              .start();
      if (Command.awaitEnd(sent) != 0) {
        throw new AssertionError("cannot send SIG" + signal + " to " + name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it ends by itself. */
  public int awaitExit() {
    return awaitExit(STOP_PATIENCE);
  }

  /** Waits until it ends by itself. */
  public int awaitExit(Duration patience) {
    try {
      if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        String description = describe();
        process.destroyForcibly();
        throw new AssertionError(name + " did not end within " + patience + "\n" + description);
      }
      RUNNING.remove(process);
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for the end of " + name, e);
    }
  }

  /** All that it and its predecessors on the same file have printed. */
  public List<String> output() {
    try {
      return Files.readAllLines(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its name, state and last lines, for people. */
  public String describe() {
    List<String> lines = output();
    String state = process.isAlive() ? "running" : "ended with " + process.exitValue();
    return "--- "
        + name
        + " ("
        + state
        + "), the last lines of "
        + log
        + ":\n"
        + String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
  }
}
