package io.vmqtt.standalone.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vmqtt admin top}. */
@Command(
    name = "top",
    description = "Counts for a moment, and tells the busiest topics and clients.")
final class TopCommand extends OfCluster {
  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "2",
      description = "How long to count, 1 to 5; ${DEFAULT-VALUE} if left out.")
  private int seconds;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "10",
      description = "At most so many of each kind; ${DEFAULT-VALUE} if left out.")
  private int limit;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "One namespace; \"\" is the nameless one.")
  private @Nullable String namespace;

  TopCommand(Map<String, String> variables) {
    super(variables);
  }

  @Override
  void ask(AdminClient client) throws IOException, InterruptedException {
    Map<String, Object> query = new HashMap<>();
    query.put("seconds", seconds);
    query.put("limit", limit);
    query.put("namespace", namespace);
    JsonNode answer = client.ask("GET", AdminClient.path("/top", query), null);
    print(
        answer,
        Rows.of("TOPIC=/name", "NAMESPACE=/namespace", "MESSAGES/S=/perSecond")
            .add(answer.path("topics")));
    printRows(
        Rows.of("SENDER=/name", "NAMESPACE=/namespace", "MESSAGES/S=/perSecond")
            .add(answer.path("senders")));
    printRows(
        Rows.of("RECEIVER=/name", "NAMESPACE=/namespace", "BYTES/S=/perSecond")
            .add(answer.path("receivers")));
    printRows(
        Rows.of("WAITING FOR=/name", "NAMESPACE=/namespace", "BYTES=/count")
            .add(answer.path("waiting")));
    printRows(
        Rows.of("QUEUE OF=/name", "NAMESPACE=/namespace", "MESSAGES=/count")
            .add(answer.path("queues")));
    printRows(
        Rows.of("CONNECTS OFTEN=/name", "NAMESPACE=/namespace", "CONNECTS=/count")
            .add(answer.path("flapping")));
    printRows(
        Rows.of("LOST FOR=/name", "NAMESPACE=/namespace", "WHY=/reason", "COUNT=/count")
            .add(answer.path("losses")));
    printRows(
        Rows.of("QUEUE OVERFLOWED OF=/name", "NAMESPACE=/namespace", "MESSAGES=/count")
            .add(answer.path("dropped")));
  }
}
