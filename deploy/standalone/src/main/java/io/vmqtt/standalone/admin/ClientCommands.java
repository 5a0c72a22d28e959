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

/** {@code vmqtt admin clients}, {@code client}, {@code where} and {@code disconnect}. */
final class ClientCommands {
  private static final String CLIENTS = "/clients";
  private static final String NAMESPACE = "namespace";

  private ClientCommands() {}

  /** Those who are connected. */
  @Command(name = "clients", description = "Lists those who are connected, by client id.")
  static final class All extends OfCluster {
    @Option(
        names = "--id",
        paramLabel = "PATTERN",
        description = "Client id; * stands for any characters.")
    private @Nullable String id;

    @Option(names = "--client-user", paramLabel = "PATTERN", description = "User name, the same.")
    private @Nullable String user;

    @Option(
        names = "--address",
        paramLabel = "ADDRESS",
        description = "Address, or network such as 10.0.0.0/8.")
    private @Nullable String address;

    @Option(names = "--gateway", paramLabel = "ID", description = "Id of a gateway.")
    private @Nullable String gateway;

    @Option(
        names = "--namespace",
        paramLabel = "NAME",
        description = "One namespace; \"\" is the nameless one.")
    private @Nullable String namespace;

    @Option(names = "--protocol", paramLabel = "VERSION", description = "3.1, 3.1.1 or 5.")
    private @Nullable String protocol;

    @Option(
        names = "--since",
        paramLabel = "TIME",
        description = "Connected then or later, such as 2026-11-26T15:00:00Z.")
    private @Nullable String since;

    @Mixin private Paging paging = new Paging();

    All(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      Map<String, Object> filters = new HashMap<>();
      filters.put("id", id);
      filters.put("user", user);
      filters.put("address", address);
      filters.put("gateway", gateway);
      filters.put(NAMESPACE, namespace);
      filters.put("protocol", protocol);
      filters.put("connectedSince", since);
      JsonNode answer = paging.read(client, CLIENTS, filters);
      print(
          answer,
          Rows.of(
                  "CLIENT=/clientId",
                  "NAMESPACE=/namespace",
                  "USER=/user",
                  "ADDRESS=/address",
                  "GATEWAY=/gateway",
                  "MQTT=/protocol",
                  "SINCE=/connectedAt",
                  "IN FLIGHT=/inFlight",
                  "WAITING=/waitingBytes")
              .add(answer.path("items")));
    }
  }

  /** About one client id. */
  abstract static class OfOne extends OfCluster {
    @Parameters(paramLabel = "CLIENT-ID", description = "The client id.")
    String id = "";

    @Option(
        names = "--namespace",
        paramLabel = "NAME",
        description = "Where it is; the nameless one if left out.")
    @Nullable String namespace;

    OfOne(Map<String, String> variables) {
      super(variables);
    }

    /** The path of the client, or of its session. */
    final String path(String kind, String behind, Map<String, ?> query) {
      Map<String, Object> all = new HashMap<>(query);
      all.put(NAMESPACE, namespace);
      return AdminClient.path(kind + '/' + AdminClient.encoded(id) + behind, all);
    }
  }

  /** One client. */
  @Command(name = "client", description = "Tells of one that is connected.")
  static final class One extends OfOne {
    @Option(
        names = "--seconds",
        paramLabel = "N",
        defaultValue = "1",
        description =
            "How long to count what passes, 1 to 5, or 0: not at all; ${DEFAULT-VALUE} if left"
                + " out.")
    private int seconds;

    One(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      printFields(client.ask("GET", path(CLIENTS, "", Map.of("seconds", seconds)), null));
    }
  }

  /** Where it is. */
  @Command(name = "where", description = "Tells where a client and its session are.")
  static final class Where extends OfOne {
    Where(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      printFields(client.ask("GET", path(CLIENTS, "/location", Map.of()), null));
    }
  }

  /** Disconnects it. */
  @Command(
      name = "disconnect",
      description = "Disconnects a client. It may come back: \"vmqtt admin ban\" keeps it out.")
  static final class Disconnect extends OfOne {
    @Option(
        names = "--reason",
        paramLabel = "CODE",
        description = "Reason code of DISCONNECT; 152, administrative action, if left out.")
    private @Nullable Integer reason;

    Disconnect(Map<String, String> variables) {
      super(variables);
    }

    @Override
    boolean changes() {
      return true;
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      Map<String, Object> query = new HashMap<>();
      query.put("reason", reason);
      JsonNode answer = client.ask("DELETE", path(CLIENTS, "", query), null);
      printLine(answer, "client '" + id + "' is disconnected");
    }
  }
}
