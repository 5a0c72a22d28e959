package io.vmqtt.systemtests.cluster;

import io.vmqtt.testkit.machine.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Somebody at the page for operators: Chromium, led by a script that says what it sees. */
final class PageOperator implements AutoCloseable {
  private static final Path FOLDER = Path.of("src", "test", "resources", "page");
  private static final @Nullable String MODULES = System.getenv("VMQTT_NODE_MODULES");

  private final Process process;
  private final BufferedReader lines;

  /** Begins; its script ends by itself when it takes too long. */
  PageOperator(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("node", script("operator.mjs")));
    command.addAll(List.of(words));
    process = builder(command).start();
    lines = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Skips the calling test where there is no browser, or what leads it is not there. */
  static void require() {
    requireModules("playwright-core");
    try {
      Command.run("chromium", "--version");
    } catch (Command.FailedException _) {
      Assumptions.abort("no chromium here: Debian's package is chromium");
    }
  }

  private static void requireModules(String module) {
    Assumptions.assumeTrue(
        MODULES != null && Files.isDirectory(Path.of(MODULES, module)),
        "the variable VMQTT_NODE_MODULES names no folder with " + module);
  }

  /** Runs what the page is made of by itself, as far as it needs no browser. */
  static Command.Ended testModules() throws IOException {
    requireModules("mqtt-packet");
    return Command.await(builder(List.of("node", "--test", script("modules.test.mjs"))), "");
  }

  private static String script(String name) {
    return FOLDER.resolve(name).toString();
  }

  private static ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("VMQTT_NODE_MODULES", String.valueOf(MODULES));
    return builder;
  }

  /** What it sees next. */
  String next() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new AssertionError("the operator at the page has gone");
    }
    return line.startsWith("failed: ")
        ? line + '\n' + String.join("\n", lines.lines().toList())
        : line;
  }

  @Override
  public void close() {
    List<ProcessHandle> all = process.descendants().toList();
    Command.awaitEnd(process.destroyForcibly());
    for (ProcessHandle one : all) {
      one.destroyForcibly();
      one.onExit().join();
    }
  }
}
