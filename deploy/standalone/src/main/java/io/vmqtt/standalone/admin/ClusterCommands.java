package io.vmqtt.standalone.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code vmqtt admin nodes}, {@code shards}, {@code lead}, {@code alarms}, {@code audit} and {@code
 * me}.
 */
final class ClusterCommands {
  private ClusterCommands() {}

  /** All processes. */
  @Command(name = "nodes", description = "Lists the processes of the cluster, by role.")
  static final class AllNodes extends OfCluster {
    AllNodes(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      JsonNode answer = client.ask("GET", "/nodes", null);
      print(
          answer,
          Rows.of(
                  "ROLE=/role",
                  "NODE=/id",
                  "HEALTH=/health",
                  "READY=/figures/ready",
                  "HOST=/host",
                  "HTTP=/ports/http",
                  "VERSION=/version",
                  "STARTED=/startedAt",
                  "CONNECTIONS=/figures/connections")
              .add(answer.path("items")));
    }
  }

  /** All shards. */
  @Command(name = "shards", description = "Lists the shards, and who leads them.")
  static final class AllShards extends OfCluster {
    AllShards(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      JsonNode answer = client.ask("GET", "/shards", null);
      print(
          answer,
          Rows.of(
                  "SHARD=/shard",
                  "LEADER=/leader",
                  "PREFERRED=/replicas/0/store",
                  "SECOND=/replicas/1/store",
                  "THIRD=/replicas/2/store")
              .add(answer.path("items")));
    }
  }

  /** What operators did. */
  @Command(name = "audit", description = "Lists what operators did, the latest first.")
  static final class Audit extends OfCluster {
    @Option(
        names = "--operator",
        paramLabel = "PATTERN",
        description = "Whose; * stands for any characters.")
    private @Nullable String operator;

    @Mixin private Paging paging = new Paging();

    Audit(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      Map<String, Object> query = new HashMap<>();
      query.put("operator", operator);
      JsonNode answer = paging.read(client, "/audit", query);
      print(
          answer,
          Rows.of(
                  "TIME=/time",
                  "OPERATOR=/operator",
                  "FROM=/from",
                  "METHOD=/method",
                  "REQUEST=/request",
                  "STATUS=/status")
              .add(answer.path("items")));
    }
  }

  /** Another leader. */
  @Command(
      name = "lead",
      description =
          "Has a store lead a shard that it holds, as soon as it can, and after restarts.")
  static final class Lead extends OfCluster {
    @Parameters(index = "0", paramLabel = "SHARD", description = "Its number.")
    private int shard;

    @Parameters(index = "1", paramLabel = "STORE", description = "Its id, as \"shards\" lists it.")
    private String store = "";

    Lead(Map<String, String> variables) {
      super(variables);
    }

    @Override
    boolean changes() {
      return true;
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      JsonNode answer =
          client.ask(
              "PUT",
              "/shards/" + shard + "/leader",
              AdminClient.JSON.createObjectNode().put("store", store));
      printLine(answer, "shard " + shard + " is to be led by " + store);
    }
  }

  /** What is wrong. */
  @Command(name = "alarms", description = "Lists what is wrong and wants somebody.")
  static final class AllAlarms extends OfCluster {
    private static final String[] COLUMNS = {
      "SEVERITY=/severity",
      "ALARM=/kind",
      "NODE=/node",
      "ABOUT=/about",
      "SINCE=/since",
      "TEXT=/text"
    };

    @Option(
        names = "--cleared",
        paramLabel = "COUNT",
        arity = "0..1",
        fallbackValue = "100",
        defaultValue = "0",
        description = "Also the last ${FALLBACK-VALUE}, or so many, that are over.")
    private int cleared;

    AllAlarms(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      JsonNode answer =
          client.ask("GET", AdminClient.path("/alarms", Map.of("cleared", cleared)), null);
      print(answer, Rows.of(COLUMNS).add(answer.path("items")));
      if (cleared > 0) {
        printRows(
            Rows.of("CLEARED=/cleared", "ALARM=/kind", "NODE=/node", "ABOUT=/about", "TEXT=/text")
                .add(answer.path("cleared")));
      }
    }
  }

  /** Who asks. */
  @Command(name = "me", description = "Tells who you are to the cluster, and what you may.")
  static final class Me extends OfCluster {
    Me(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      printFields(client.ask("GET", "/me", null));
    }
  }
}
