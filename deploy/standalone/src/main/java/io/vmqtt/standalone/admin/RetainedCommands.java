package io.vmqtt.standalone.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What there is to do with single retained messages, and with all of them. */
final class RetainedCommands {
  private static final String RETAINED = "/retained/";

  private RetainedCommands() {}

  /** What is about one topic. */
  abstract static class OfTopic extends OfCluster {
    @Parameters(index = "0", paramLabel = "TOPIC", description = "Its name.")
    String topic = "";

    @Option(
        names = "--namespace",
        paramLabel = "NAME",
        description = "Where; in the nameless one if left out.")
    private @Nullable String namespace;

    OfTopic(Map<String, String> variables) {
      super(variables);
    }

    final String path() {
      Map<String, Object> query = new HashMap<>();
      query.put("namespace", namespace);
      return AdminClient.path(RETAINED + AdminClient.encoded(topic), query);
    }
  }

  /** Shows it. */
  @Command(
      name = "retained-message",
      description = "Tells of the retained message of one topic; what it says is in base64.")
  static final class One extends OfTopic {
    One(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      printFields(client.ask("GET", path(), null));
    }
  }

  /** Sets it. */
  @Command(
      name = "set-retained",
      description = "Sets the retained message of a topic, by publishing it.")
  static final class Put extends OfTopic {
    @Parameters(index = "1", paramLabel = "PAYLOAD", description = "What it says.")
    private String payload = "";

    @Option(
        names = "--qos",
        paramLabel = "N",
        defaultValue = "1",
        description = "0, 1 or 2; ${DEFAULT-VALUE} if left out.")
    private int qos;

    @Option(
        names = "--expiry",
        paramLabel = "SECONDS",
        description = "For how long it is good; for ever if left out.")
    private @Nullable Long expiry;

    Put(Map<String, String> variables) {
      super(variables);
    }

    @Override
    boolean changes() {
      return true;
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      ObjectNode wanted = AdminClient.JSON.createObjectNode();
      wanted.put("payload", payload).put("qos", qos);
      if (expiry != null) {
        wanted.put("expirySeconds", expiry);
      }
      JsonNode answer = client.ask("PUT", path(), wanted);
      printLine(answer, topic + ": " + answer.path("bytes").asText() + " bytes are retained");
    }
  }

  /** Deletes it. */
  @Command(
      name = "delete-retained",
      description = "Deletes the retained message of a topic, by publishing nothing to it.")
  static final class Delete extends OfTopic {
    Delete(Map<String, String> variables) {
      super(variables);
    }

    @Override
    boolean changes() {
      return true;
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      printLine(client.ask("DELETE", path(), null), topic + ": nothing is retained any more");
    }
  }

  /** All of them. */
  @Command(
      name = "export-retained",
      description = "Writes retained messages to a file: a line of JSON each, with what it says.")
  static final class Export extends OfCluster {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Option(
        names = "--to",
        required = true,
        paramLabel = "FILE",
        description = "Where to write them; it must not be there.")
    private Path file = Path.of("");

    @Option(
        names = "--filter",
        paramLabel = "FILTER",
        description = "Of topics that match; all if left out.")
    private @Nullable String filter;

    @Option(
        names = "--namespace",
        paramLabel = "NAME",
        description = "One namespace; the nameless one if left out.")
    private @Nullable String namespace;

    Export(Map<String, String> variables) {
      super(variables);
    }

    @Override
    boolean changes() {
      return true; // a file, which is there the second time
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      Map<String, Object> query = new HashMap<>();
      query.put("filter", filter);
      query.put("namespace", namespace);
      long bytes = client.download(AdminClient.path("/retained.ndjson", query), file, PATIENCE);
      printLine(
          AdminClient.JSON.createObjectNode().put("file", file.toString()).put("bytes", bytes),
          file + ": " + bytes + " bytes");
    }
  }
}
