package io.vmqtt.testkit.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A program of this machine that a test calls and waits for. */
public final class Command {

  private Command() {}

  /** The program said no, or is not there. */
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
   * Runs it to its end.
   *
   * @throws FailedException with what it printed if it ends with anything but 0
   */
  public static void run(String... words) {
    String command = String.join(" ", words);
    try {
      Process process = new ProcessBuilder(List.of(words)).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new FailedException(command + ": " + output.strip());
      }
    } catch (IOException e) {
      throw new FailedException(command + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted during " + command, e);
    }
  }
}
