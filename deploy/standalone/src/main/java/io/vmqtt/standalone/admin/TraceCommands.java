package io.vmqtt.standalone.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vmqtt admin trace}, {@code traces} and {@code end-trace}. */
final class TraceCommands {
  private static final String TRACES = "/traces";

  private TraceCommands() {}

  /** Writes down what passes, as it passes. */
  @Command(
      name = "trace",
      description = "Prints each packet between gateways and some clients, as it passes.",
      footer = {
        "",
        "What messages say is not printed. With --output json, each line is one packet.",
      })
  static final class Follow extends OfCluster {
    private static final long PAUSE_MILLIS = 500;

    @Parameters(
        arity = "0..1",
        paramLabel = "CLIENT-ID",
        description = "Client id; * stands for any characters.")
    private @Nullable String id;

    @Option(
        names = "--filter",
        paramLabel = "FILTER",
        description = "In place of a client id: messages of topics that match.")
    private @Nullable String filter;

    @Option(
        names = "--address",
        paramLabel = "ADDRESS",
        description = "In place of a client id: address, or network such as 10.0.0.0/8.")
    private @Nullable String address;

    @Option(
        names = "--namespace",
        paramLabel = "NAME",
        description = "One namespace; \"\" is the nameless one.")
    private @Nullable String namespace;

    @Option(
        names = "--seconds",
        paramLabel = "COUNT",
        defaultValue = "60",
        description = "For how long; ${DEFAULT-VALUE} if left out, at most 3600.")
    private int seconds;

    Follow(Map<String, String> variables) {
      super(variables);
    }

    @Override
    boolean changes() {
      return true;
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      if (Stream.of(id, filter, address).filter(Objects::nonNull).count() != 1) {
        throw wrong("one of CLIENT-ID, --filter and --address is needed");
      }
      ObjectNode wanted = AdminClient.JSON.createObjectNode();
      wanted.put("client", id).put("filter", filter).put("address", address);
      wanted.put("namespace", namespace).put("seconds", seconds);
      String path = TRACES + '/' + client.ask("POST", TRACES, wanted).path("id").asText();
      follow(client, path + "/events");
      client.ask("DELETE", path, null);
    }

    private void follow(AdminClient client, String path) throws IOException, InterruptedException {
      Map<String, Object> query = new HashMap<>();
      JsonNode answer;
      do {
        answer = client.ask("GET", AdminClient.path(path, query), null);
        long leftOut = answer.path("leftOut").asLong();
        if (leftOut > 0) {
          complain(leftOut + " came too fast, and are left out");
        }
        answer.path("events").forEach(this::printEvent);
        out().flush();
        query.put("cursor", answer.path("next").asText());
      } while (answer.path("more").asBoolean() || (!answer.path("over").asBoolean() && pauses()));
    }

    private static boolean pauses() throws InterruptedException {
      return !new CountDownLatch(1).await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void printEvent(JsonNode event) {
      if (isJson()) {
        out().println(event);
        return;
      }
      StringBuilder line =
          new StringBuilder(event.path("at").asText())
              .append("  ")
              .append(event.path("clientId").asText())
              .append("  ")
              .append(event.path("direction").asText())
              .append("  ")
              .append(event.path("packet").asText());
      event
          .path("facts")
          .properties()
          .forEach(
              fact -> line.append("  ").append(fact.getKey()).append('=').append(fact.getValue()));
      out().println(line.toString().replaceAll("\\p{Cntrl}", "?"));
    }
  }

  /** Those that there are. */
  @Command(name = "traces", description = "Lists traces, those that are over among them.")
  static final class All extends OfCluster {
    All(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      JsonNode answer = client.ask("GET", TRACES, null);
      print(
          answer,
          Rows.of(
                  "TRACE=/id",
                  "CLIENT=/client",
                  "FILTER=/filter",
                  "ADDRESS=/address",
                  "NAMESPACE=/namespace",
                  "UNTIL=/until",
                  "OVER=/over",
                  "EVENTS=/events")
              .add(answer.path("items")));
    }
  }

  /** Ends one. */
  @Command(name = "end-trace", description = "Ends a trace, and forgets what it has.")
  static final class End extends OfCluster {
    @Parameters(paramLabel = "TRACE", description = "As \"traces\" names it.")
    private String id = "";

    End(Map<String, String> variables) {
      super(variables);
    }

    @Override
    boolean changes() {
      return true;
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      JsonNode answer = client.ask("DELETE", TRACES + '/' + AdminClient.encoded(id), null);
      printLine(answer, "trace " + id + " is gone");
    }
  }
}
