package io.vmqtt.standalone.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vmqtt admin subscribe}. */
@Command(
    name = "subscribe",
    description = "Prints what is published, anywhere in the cluster, as it comes.",
    footer = {
      "",
      "A line has the topic and what the message says. With --output json, each line is one",
      "message, what it says in base64.",
    })
final class SubscribeCommand extends OfCluster {
  @Parameters(arity = "1..*", paramLabel = "FILTER", description = "Of topics.")
  private List<String> filters = List.of();

  @Option(
      names = "--qos",
      paramLabel = "N",
      defaultValue = "0",
      description = "The highest at which messages come; ${DEFAULT-VALUE} if left out.")
  private int qos;

  @Option(names = "--retained", description = "Begin with what is retained.")
  private boolean retained;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "Where; in the nameless one if left out.")
  private @Nullable String namespace;

  @Option(
      names = "--count",
      paramLabel = "COUNT",
      description = "End after so many messages; never if left out.")
  private @Nullable Long count;

  private long heard;

  /** Nobody reads what is printed any more. */
  private boolean deaf;

  SubscribeCommand(Map<String, String> variables) {
    super(variables);
  }

  @Override
  boolean changes() {
    return true; // it does not end, so it is not done again and again
  }

  @Override
  void ask(AdminClient client) throws IOException, InterruptedException {
    if (count != null && count < 1) {
      throw wrong("--count: is at least 1");
    }
    Map<String, Object> query = new HashMap<>();
    query.put("qos", qos);
    query.put("retained", retained);
    query.put("namespace", namespace);
    String wanted =
        filters.stream()
            .map(one -> "&filter=" + AdminClient.encoded(one))
            .collect(Collectors.joining());
    client.listen(AdminClient.path("/messages", query) + wanted, this::hear);
    if (!deaf && (count == null || heard < count)) {
      throw new Refusal("no gateway tells of messages any more", Refusal.UNREACHABLE);
    }
  }

  private boolean hear(String event, JsonNode data) {
    switch (event) {
      case "message" -> {
        print(data);
        heard++;
      }
      case "left-out" -> complain(data.path("count").asText() + " came too fast, and are left out");
      case "gap" ->
          complain("messages may be missing: " + data.path("gateway").asText() + " is gone");
      case "subscribed" -> complain("subscribed");
      default -> {
        // a sign of life, or of a later version
      }
    }
    deaf = out().checkError(); // as in "subscribe '#' | head"
    return !deaf && (count == null || heard < count);
  }

  private void print(JsonNode message) {
    out().println(isJson() ? message.toString() : line(message));
    out().flush();
  }

  private static String line(JsonNode message) {
    String says =
        new String(
            Base64.getDecoder().decode(message.path("payload").asText()), StandardCharsets.UTF_8);
    return (message.path("topic").asText() + ' ' + says).replaceAll("\\p{Cntrl}", "?");
  }
}
