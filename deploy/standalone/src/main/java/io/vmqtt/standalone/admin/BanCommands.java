package io.vmqtt.standalone.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionType;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vmqtt admin ban}, {@code unban}, {@code hold-offs} and {@code pardon}. */
final class BanCommands {
  private static final String BANS = "/bans";

  private BanCommands() {}

  /** Of one of them. */
  abstract static class OfOne extends OfCluster {
    /** As the API calls them in a query. */
    private static final Map<String, String> KINDS =
        Map.of("client-id", "clientId", "user", "user", "address", "address");

    @Parameters(index = "0", paramLabel = "KIND", description = "client-id, user or address.")
    private String kind = "";

    @Parameters(
        index = "1",
        paramLabel = "WHO",
        description = "Which one; an address may be a network, such as 203.0.113.0/24.")
    private String who = "";

    OfOne(Map<String, String> variables) {
      super(variables);
    }

    @Override
    boolean changes() {
      return true;
    }

    final ObjectNode entry() {
      var _ = inQuery();
      return AdminClient.JSON.createObjectNode().put(kind, who);
    }

    final Map<String, @Nullable Object> query() {
      Map<String, @Nullable Object> query = new HashMap<>();
      query.put(inQuery(), who);
      return query;
    }

    private String inQuery() {
      String name = KINDS.get(kind);
      if (name == null) {
        throw wrong("'" + kind + "' is neither client-id nor user nor address");
      }
      return name;
    }

    static void put(ObjectNode entry, String name, @Nullable String value) {
      if (value != null) {
        entry.put(name, value);
      }
    }

    /** For people. */
    final String who() {
      return kind + ' ' + who;
    }
  }

  /** Bans. */
  @Command(
      name = "ban",
      description = {
        "Bans a client id, a user or an address. Who is connected is disconnected, as a rule",
        "within a second."
      })
  static final class Ban extends OfOne {
    private static final OptionType<Duration> TIME =
        OptionType.time(Duration.ofSeconds(1), Duration.ofDays(3_650));

    @Option(
        names = "--namespace",
        paramLabel = "NAME",
        description = "Where; everywhere if left out, \"\" is the nameless one.")
    private @Nullable String namespace;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for people.")
    private @Nullable String reason;

    @ArgGroup private End end = new End();

    /** When it ends; never if left out. */
    static final class End {
      @Option(names = "--for", paramLabel = "TIME", description = "How long, such as 90m.")
      private @Nullable String time;

      @Option(
          names = "--until",
          paramLabel = "TIME",
          description = "When it ends, such as 2026-12-24T18:00:00Z; never without both.")
      private @Nullable String until;

      private End() {}
    }

    Ban(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      ObjectNode entry = entry();
      put(entry, "namespace", namespace);
      put(entry, "reason", reason);
      put(entry, "until", until());
      printLine(client.ask("POST", BANS, entry), who() + " is banned");
    }

    private @Nullable String until() {
      if (end.time == null) {
        return end.until;
      }
      try {
        return Instant.now()
            .truncatedTo(ChronoUnit.SECONDS)
            .plus(TIME.read(end.time, "--for"))
            .toString();
      } catch (OptionException e) {
        throw wrong(String.valueOf(e.getMessage()));
      }
    }
  }

  /** Takes a ban back. */
  @Command(name = "unban", description = "Takes a ban back.")
  static final class Unban extends OfOne {
    @Option(
        names = "--namespace",
        paramLabel = "NAME",
        description = "Where it is said to be; everywhere if left out.")
    private @Nullable String namespace;

    Unban(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      Map<String, @Nullable Object> query = query();
      query.put("namespace", namespace);
      printLine(
          client.ask("DELETE", AdminClient.path(BANS, query), null),
          who() + " is banned no longer");
    }
  }

  /** Who is held off. */
  @Command(
      name = "hold-offs",
      description = "Lists who is refused for a while, as he guessed or came too often.")
  static final class HoldOffs extends OfCluster {
    @Mixin private Paging paging = new Paging();

    HoldOffs(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      JsonNode answer = paging.read(client, "/hold-offs", Map.of());
      print(
          answer,
          Rows.of(
                  "KIND=/kind",
                  "NAME=/name",
                  "FROM=/from",
                  "NAMESPACE=/namespace",
                  "SINCE=/since",
                  "UNTIL=/until")
              .add(answer.path("items")));
    }
  }

  /** Takes hold-offs back. */
  @Command(
      name = "pardon",
      description = "Takes back hold-offs that have begun by now; failures are counted anew.")
  static final class Pardon extends OfOne {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for people.")
    private @Nullable String reason;

    Pardon(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      ObjectNode entry = entry();
      put(entry, "reason", reason);
      printLine(client.ask("POST", BANS + "/pardons", entry), who() + " is pardoned");
    }
  }
}
