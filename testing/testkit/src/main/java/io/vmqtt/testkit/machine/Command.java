package io.vmqtt.testkit.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program of this machine that a test calls and waits for: not for ever, as one that hangs would
 * take the whole build with it.
 */
public final class Command {
  /** So long a program may take that a test waits for; the slowest compile something. */
  public static final Duration PATIENCE = Duration.ofMinutes(3);

  private Command() {}

  /** The program said no, did not come to an end, or is not there. */
  public static final class FailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private FailedException(String message, Throwable cause) {
      super(message, cause);
    }

    private FailedException(String message) {
      super(message);
    }
  }

  /**
   * What came of a program.
   *
   * @param output all that it printed
   */
  public record Ended(int exitCode, String output) {}

  /**
   * Runs it to its end.
   *
   * @throws FailedException with what it printed if it ends with anything but 0
   */
  public static void run(String... words) {
    String command = String.join(" ", words);
    try {
      Ended ended = await(new ProcessBuilder(List.of(words)), "");
      if (ended.exitCode() != 0) {
        throw new FailedException(command + ": " + ended.output().strip());
      }
    } catch (IOException e) {
      throw new FailedException(command + ": " + e.getMessage(), e);
    }
  }

  /**
   * Runs one to its end, be it good or bad.
   *
   * @param input what it can read
   * @throws IOException if it is not there
   * @throws FailedException if it does not end in time: it is ended then
   */
  public static Ended await(ProcessBuilder program, String input) throws IOException {
    return await(program, input, StandardCharsets.UTF_8);
  }

  /**
   * The same.
   *
   * @param charset of what it reads and prints
   */
  public static Ended await(ProcessBuilder program, String input, Charset charset)
      throws IOException {
    Process process = program.redirectErrorStream(true).start();
    CompletableFuture<String> output =
        CompletableFuture.supplyAsync(
            () -> said(process, charset), work -> Thread.ofVirtual().start(work));
    try (var in = process.outputWriter(charset)) {
      in.write(input);
    } catch (IOException e) {
      // It has ended, or wants no more: what it said tells.
    }
    int exitCode = awaitEnd(process);
    try {
      return new Ended(exitCode, output.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException e) {
      throw new FailedException(program.command() + ": what it said cannot be read", e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static String said(Process process, Charset charset) {
    try {
      return new String(process.getInputStream().readAllBytes(), charset);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits for the end of a program that somebody has started.
   *
   * @return its exit code
   * @throws FailedException if it does not end in time: it is ended then, with all that it started
   */
  public static int awaitEnd(Process process) {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        String command = process.info().commandLine().orElse("a program");
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new FailedException(command + " did not end within " + PATIENCE);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static FailedException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new FailedException("interrupted while a program ran", e);
  }
}
