package io.vmqtt.standalone.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vmqtt admin explain} and {@code routes}. */
final class RouteCommands {
  private RouteCommands() {}

  /** What would become of a message. */
  @Command(
      name = "explain",
      description = "Tells whether a message would reach a client, and why, and publishes none.")
  static final class Explain extends OfCluster {
    @Option(
        names = "--topic",
        required = true,
        paramLabel = "TOPIC",
        description = "What it would be published to.")
    private String topic = "";

    @Option(
        names = "--to",
        required = true,
        paramLabel = "CLIENT-ID",
        description = "Who should get it.")
    private String to = "";

    @Option(
        names = "--from",
        paramLabel = "CLIENT-ID",
        description = "Who would publish it; an operator, as of \"publish\", if left out.")
    private @Nullable String from;

    @Option(
        names = "--qos",
        paramLabel = "N",
        defaultValue = "1",
        description = "0, 1 or 2; ${DEFAULT-VALUE} if left out.")
    private int qos;

    @Option(names = "--retain", description = "It is to be retained.")
    private boolean retain;

    @Option(
        names = "--namespace",
        paramLabel = "NAME",
        description = "Where; the nameless one if left out.")
    private @Nullable String namespace;

    Explain(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      Map<String, Object> query = new HashMap<>();
      query.put("topic", topic);
      query.put("to", to);
      query.put("from", from);
      query.put("qos", qos);
      query.put("retain", retain);
      query.put("namespace", namespace);
      JsonNode answer = client.ask("GET", AdminClient.path("/explain", query), null);
      print(
          answer,
          Rows.of("STEP=/step", "OUTCOME=/outcome", "NODE=/node", "TEXT=/text")
              .add(answer.path("steps")));
      printRows(Rows.of("VERDICT=/verdict", "TEXT=/text").add(List.of(answer)));
    }
  }

  /** Who wants what. */
  @Command(
      name = "routes",
      description = "Lists the routes of topics, with the gateways and shards that want them.")
  static final class All extends OfCluster {
    @Option(
        names = "--filter",
        paramLabel = "PATTERN",
        description = "Topic filters; * stands for any characters.")
    private @Nullable String filter;

    @Option(
        names = "--origin",
        paramLabel = "ID",
        description = "Id of a gateway, or number of a shard: its part alone.")
    private @Nullable String origin;

    @Option(
        names = "--router",
        paramLabel = "ID",
        description = "Who is asked; any router if left out.")
    private @Nullable String router;

    @Option(
        names = "--namespace",
        paramLabel = "NAME",
        description = "One namespace; \"\" is the nameless one.")
    private @Nullable String namespace;

    @Mixin private Paging paging = new Paging();

    All(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      Map<String, Object> filters = new HashMap<>();
      filters.put("filter", filter);
      filters.put("origin", origin);
      filters.put("router", router);
      filters.put("namespace", namespace);
      JsonNode answer = paging.read(client, "/routes", filters);
      print(
          answer,
          Rows.of(
                  "FILTER=/filter",
                  "NAMESPACE=/namespace",
                  "SHARE GROUP=/group",
                  "ORIGINS=/origins")
              .add(answer.path("items")));
    }
  }
}
