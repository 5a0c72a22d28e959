package io.vmqtt.standalone.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vmqtt admin retained} and {@code publish}. */
final class MessageCommands {
  private MessageCommands() {}

  /** Retained messages. */
  @Command(name = "retained", description = "Lists retained messages, by topic.")
  static final class Retained extends OfCluster {
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

    @Option(names = "--payloads", description = "With what they say, in base64.")
    private boolean payloads;

    @Mixin private Paging paging = new Paging();

    Retained(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      Map<String, Object> filters = new HashMap<>();
      filters.put("filter", filter);
      filters.put("namespace", namespace);
      filters.put("payloads", payloads);
      JsonNode answer = paging.read(client, "/retained", filters);
      print(
          answer,
          Rows.of(
                  "TOPIC=/topic",
                  "QOS=/qos",
                  "BYTES=/bytes",
                  "EXPIRES=/expiresAt",
                  "PAYLOAD=/payload")
              .add(answer.path("items")));
    }
  }

  /** Publishes one message. */
  @Command(
      name = "publish",
      description = "Publishes a message.",
      footer = {
        "",
        "With --retain, and without a payload, what is retained of the topic is deleted.",
        "With --client, it is for such clients alone, as far as they have subscribed to the topic.",
      })
  static final class Publish extends OfCluster {
    @Parameters(index = "0", paramLabel = "TOPIC", description = "Where to.")
    private String topic = "";

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "PAYLOAD",
        description = "What it says; nothing if left out.")
    private @Nullable String payload;

    @Option(
        names = "--qos",
        paramLabel = "N",
        defaultValue = "1",
        description = "0, 1 or 2; ${DEFAULT-VALUE} if left out.")
    private int qos;

    @Option(names = "--retain", description = "It is to be retained.")
    private boolean retain;

    @Option(
        names = "--expiry",
        paramLabel = "SECONDS",
        description = "For how long it is good; for ever if left out.")
    private @Nullable Long expiry;

    @Option(
        names = "--client",
        paramLabel = "CLIENT-ID",
        description = "Who gets it, and nobody else; may be given several times.")
    private List<String> clients = List.of();

    @Option(
        names = "--namespace",
        paramLabel = "NAME",
        description = "Where; in the nameless one if left out.")
    private @Nullable String namespace;

    Publish(Map<String, String> variables) {
      super(variables);
    }

    @Override
    boolean changes() {
      return true;
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      ObjectNode batch = AdminClient.JSON.createObjectNode();
      if (namespace != null) {
        batch.put("namespace", namespace);
      }
      ObjectNode message = batch.putArray("messages").addObject();
      message.put("topic", topic).put("qos", qos).put("retain", retain);
      if (payload != null) {
        message.put("payload", payload);
      }
      if (expiry != null) {
        message.put("expirySeconds", expiry);
      }
      if (!clients.isEmpty()) {
        clients.forEach(message.putArray("clients")::add);
      }
      JsonNode answer = client.ask("POST", "/messages", batch);
      JsonNode result = answer.path("results").path(0);
      if (!clients.isEmpty()) {
        print(
            answer,
            Rows.of("CLIENT=/clientId", "OUTCOME=/outcome", "REASON=/meaning")
                .add(result.path("clients")));
        requireDone(result.path("clients"));
        return;
      }
      if ("refused".equals(result.path("outcome").asText())) {
        throw new Refusal(topic + ": refused: " + result.path("meaning").asText(), Refusal.REFUSED);
      }
      printLine(answer, topic + ": " + result.path("outcome").asText());
    }

    /** The table has said what became of each. */
    private void requireDone(JsonNode ofClients) throws Refusal {
      long unanswered = count(ofClients, "unanswered");
      long done =
          count(ofClients, "delivered") + count(ofClients, "queued") + count(ofClients, "sent");
      if (unanswered > 0) {
        throw new Refusal(topic + ": " + unanswered + " unanswered", Refusal.UNREACHABLE);
      }
      if (done < ofClients.size()) {
        throw new Refusal(
            topic + ": " + (ofClients.size() - done) + " of " + ofClients.size() + " do not get it",
            Refusal.REFUSED);
      }
    }

    private static long count(JsonNode ofClients, String outcome) {
      return StreamSupport.stream(ofClients.spliterator(), false)
          .filter(one -> outcome.equals(one.path("outcome").asText()))
          .count();
    }
  }
}
