package io.vmqtt.standalone.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code vmqtt admin configuration}, {@code set}, {@code listeners}, {@code log-levels}, and the
 * dumps of one process.
 */
final class NodeCommands {
  private NodeCommands() {}

  /** What is set. */
  @Command(
      name = "configuration",
      description = "Tells what holds for each option of each process, and who said so.")
  static final class Configuration extends OfCluster {
    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "NODE",
        description = "Of that one alone.")
    private @Nullable String node;

    @Option(names = "--set", description = "Without what is as by default.")
    private boolean set;

    Configuration(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      JsonNode answer =
          client.ask(
              "GET",
              node == null
                  ? "/configuration"
                  : "/nodes/" + AdminClient.encoded(node) + "/configuration",
              null);
      ArrayNode lines = AdminClient.JSON.createArrayNode();
      Iterable<JsonNode> nodes = node == null ? answer.path("items") : List.of(answer);
      for (JsonNode one : nodes) {
        for (JsonNode option : one.path("options")) {
          if (!set || !option.path("source").asText().equals("default")) {
            ObjectNode line = option.deepCopy();
            lines.add(line.put("node", one.path("node").asText()).put("role", role(one)));
          }
        }
      }
      print(
          answer,
          Rows.of(
                  "ROLE=/role",
                  "NODE=/node",
                  "OPTION=/option",
                  "VALUE=/value",
                  "SOURCE=/source",
                  "WHERE=/where")
              .add(lines));
    }

    private static String role(JsonNode node) {
      return node.path("role").asText();
    }
  }

  /** What is about one process. */
  abstract static class OfNode extends OfCluster {
    @Parameters(index = "0", paramLabel = "NODE", description = "Its id, as \"nodes\" lists it.")
    String node = "";

    OfNode(Map<String, String> variables) {
      super(variables);
    }

    final String path(String behind, Map<String, ?> query) {
      return AdminClient.path("/nodes/" + AdminClient.encoded(node) + behind, query);
    }
  }

  /** What is to hold. */
  @Command(
      name = "set",
      description = "Has something else hold for options of a process until it ends.")
  static final class SetOptions extends OfNode {
    @Parameters(
        index = "1..*",
        arity = "1..*",
        paramLabel = "OPTION=VALUE",
        description = "Without dashes; \"start\" for what it was then.")
    private Map<String, String> options = new LinkedHashMap<>();

    SetOptions(Map<String, String> variables) {
      super(variables);
    }

    @Override
    boolean changes() {
      return true;
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      ObjectNode body = AdminClient.JSON.createObjectNode();
      ObjectNode wanted = body.putObject("options");
      options.forEach((option, value) -> wanted.put(option, value.equals("start") ? null : value));
      JsonNode answer = client.ask("PUT", path("/configuration", Map.of()), body);
      ArrayNode changed = AdminClient.JSON.createArrayNode();
      for (JsonNode option : answer.path("options")) {
        if (options.containsKey(option.path("option").asText())) {
          changed.add(option);
        }
      }
      print(answer, Rows.of("OPTION=/option", "VALUE=/value", "SOURCE=/source").add(changed));
    }
  }

  /** Where a gateway listens. */
  @Command(
      name = "listeners",
      description = "Lists where a gateway listens for clients, and what fails there.")
  static final class Listeners extends OfNode {
    Listeners(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      JsonNode answer = client.ask("GET", path("/listeners", Map.of()), null);
      print(
          answer,
          Rows.of(
                  "LISTENER=/name",
                  "HOST=/host",
                  "PORT=/port",
                  "TRANSPORT=/transport",
                  "NAMESPACE=/namespace",
                  "CONNECTIONS=/connections",
                  "ACCEPTS=/accepting",
                  "CERTIFICATE UNTIL=/certificateExpires")
              .add(answer.path("listeners")));
      if (!isJson()) {
        answer
            .path("failures")
            .forEach(
                one -> complain(one.path("listener").asText() + ": " + one.path("why").asText()));
        if (answer.path("complaint").isTextual()) {
          complain(answer.path("complaint").asText());
        }
      }
    }
  }

  /** What is logged. */
  @Command(
      name = "log-levels",
      description = "Tells what a process logs, or has it log something else until it ends.")
  static final class LogLevels extends OfNode {
    @Parameters(
        index = "1..*",
        paramLabel = "LOGGER=LEVEL",
        description = "OFF, ERROR, WARN, INFO, DEBUG or TRACE; \"start\" for what it was then.")
    private Map<String, String> levels = new LinkedHashMap<>();

    LogLevels(Map<String, String> variables) {
      super(variables);
    }

    @Override
    boolean changes() {
      return !levels.isEmpty();
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      ObjectNode body = AdminClient.JSON.createObjectNode();
      ObjectNode wanted = body.putObject("levels");
      levels.forEach((logger, level) -> wanted.put(logger, level.equals("start") ? null : level));
      String path = path("/log-levels", Map.of());
      JsonNode answer = changes() ? client.ask("PUT", path, body) : client.ask("GET", path, null);
      print(
          answer,
          Rows.of(
                  "LOGGER=/logger",
                  "LEVEL=/level",
                  "LOGS=/effective",
                  "CHANGED=/changed",
                  "AT START=/atStart")
              .add(answer.path("loggers")));
    }
  }

  /** What is written to a file. */
  abstract static class OfFile extends OfNode {
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    @Option(
        names = "--to",
        required = true,
        paramLabel = "FILE",
        description = "Where to write it; it must not be there.")
    private Path file = Path.of("");

    private final String name;

    OfFile(Map<String, String> variables, String name) {
      super(variables);
      this.name = name;
    }

    Map<String, ?> query() {
      return Map.of();
    }

    /** How long it takes to be made, beside all else. */
    Duration duration() {
      return Duration.ZERO;
    }

    @Override
    boolean changes() {
      return true; // a file, which is there the second time
    }

    @Override
    final void ask(AdminClient client) throws IOException, InterruptedException {
      long bytes = client.download(path('/' + name, query()), file, PATIENCE.plus(duration()));
      printLine(
          AdminClient.JSON.createObjectNode().put("file", file.toString()).put("bytes", bytes),
          file + ": " + bytes + " bytes");
    }
  }

  /** What the threads do. */
  @Command(
      name = "thread-dump",
      description = "Writes what the threads of a process do, virtual ones among them.")
  static final class ThreadDump extends OfFile {
    ThreadDump(Map<String, String> variables) {
      super(variables, "thread-dump");
    }
  }

  /** What happens. */
  @Command(
      name = "flight-recording",
      description = "Has a process write down what it does for a while, for JDK Mission Control.")
  static final class FlightRecording extends OfFile {
    @Option(
        names = "--seconds",
        paramLabel = "COUNT",
        defaultValue = "30",
        description = "How long, 1 to 300; ${DEFAULT-VALUE} if left out.")
    private int seconds;

    FlightRecording(Map<String, String> variables) {
      super(variables, "flight-recording");
    }

    @Override
    Map<String, ?> query() {
      return Map.of("seconds", seconds);
    }

    @Override
    Duration duration() {
      return Duration.ofSeconds(Math.max(seconds, 0));
    }
  }

  /** What is in memory. */
  @Command(
      name = "heap-dump",
      description = {
        "Writes what a process has in memory: messages and passwords among that.",
        "Meanwhile the process does nothing else."
      })
  static final class HeapDump extends OfFile {
    @Option(names = "--all", description = "Also what nothing refers to any more.")
    private boolean all;

    HeapDump(Map<String, String> variables) {
      super(variables, "heap-dump");
    }

    @Override
    Map<String, ?> query() {
      return Map.of("live", !all);
    }
  }

  /** All that helps. */
  @Command(
      name = "diagnostics",
      description = "Writes what whoever has to help wants to know first: a zip file.")
  static final class Diagnostics extends OfFile {
    Diagnostics(Map<String, String> variables) {
      super(variables, "diagnostics");
    }
  }
}
