package io.vmqtt.standalone.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vmqtt admin sessions}, {@code session}, {@code queue} and {@code end-session}. */
final class SessionCommands {
  private static final String SESSIONS = "/sessions";

  private SessionCommands() {}

  /** Persistent sessions. */
  @Command(name = "sessions", description = "Lists persistent sessions, by client id.")
  static final class All extends OfCluster {
    @Option(
        names = "--id",
        paramLabel = "PATTERN",
        description = "Client id; * stands for any characters.")
    private @Nullable String id;

    @Option(
        names = "--namespace",
        paramLabel = "NAME",
        description = "One namespace; \"\" is the nameless one.")
    private @Nullable String namespace;

    @Option(
        names = "--attached",
        paramLabel = "true|false",
        description = "Whether a connection has it now.")
    private @Nullable Boolean attached;

    @Option(
        names = "--min-queued",
        paramLabel = "COUNT",
        description = "So many messages in its queue, or more.")
    private @Nullable Integer minQueued;

    @Mixin private Paging paging = new Paging();

    All(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      Map<String, Object> filters = new HashMap<>();
      filters.put("id", id);
      filters.put("namespace", namespace);
      filters.put("attached", attached);
      filters.put("minQueued", minQueued);
      JsonNode answer = paging.read(client, SESSIONS, filters);
      print(
          answer,
          Rows.of(
                  "CLIENT=/clientId",
                  "NAMESPACE=/namespace",
                  "ATTACHED=/attached",
                  "SUBSCRIPTIONS=/subscriptions",
                  "QUEUED=/queued",
                  "BYTES=/queuedBytes",
                  "DROPPED=/dropped",
                  "DETACHED=/detachedAt",
                  "SHARD=/shard")
              .add(answer.path("items")));
    }
  }

  /** One session. */
  @Command(name = "session", description = "Tells of one session, with its subscriptions.")
  static final class One extends ClientCommands.OfOne {
    One(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      JsonNode answer = client.ask("GET", path(SESSIONS, "", Map.of()), null);
      printFields(answer, answer.path("session"));
      printRows(
          Rows.of(
                  "FILTER=/filter",
                  "QOS=/qos",
                  "NO LOCAL=/noLocal",
                  "RETAIN AS PUBLISHED=/retainAsPublished",
                  "IDENTIFIER=/identifier")
              .add(answer.path("subscriptions")));
    }
  }

  /** What waits for it. */
  @Command(
      name = "queue",
      description = "Lists the messages that wait for a client, and leaves them where they are.")
  static final class Queue extends ClientCommands.OfOne {
    @Option(
        names = "--from",
        paramLabel = "SEQUENCE",
        defaultValue = "0",
        description = "Begin there; with the oldest if left out.")
    private long from;

    @Option(
        names = "--limit",
        paramLabel = "COUNT",
        defaultValue = "100",
        description = "At most so many; ${DEFAULT-VALUE} if left out.")
    private int limit;

    @Option(names = "--payloads", description = "With what they say, in base64.")
    private boolean payloads;

    Queue(Map<String, String> variables) {
      super(variables);
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      JsonNode answer =
          client.ask(
              "GET",
              path(
                  SESSIONS,
                  "/messages",
                  Map.of("from", from, "limit", limit, "payloads", payloads)),
              null);
      print(
          answer,
          Rows.of(
                  "SEQUENCE=/sequence",
                  "QOS=/qos",
                  "TOPIC=/message/topic",
                  "BYTES=/message/bytes",
                  "EXPIRES=/message/expiresAt",
                  "PAYLOAD=/message/payload")
              .add(answer.path("messages")));
    }
  }

  /** An empty queue. */
  @Command(
      name = "clear-queue",
      description =
          "Gives up the messages that wait for a client, but for those that may be on their way.")
  static final class Clear extends ClientCommands.OfOne {
    Clear(Map<String, String> variables) {
      super(variables);
    }

    @Override
    boolean changes() {
      return true;
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      JsonNode answer = client.ask("DELETE", path(SESSIONS, "/messages", Map.of()), null);
      printLine(answer, answer.path("cleared").asText() + " messages for '" + id + "' are gone");
    }
  }

  /** Ends it. */
  @Command(
      name = "end-session",
      description = "Ends a session with its queue and subscriptions; its client is disconnected.")
  static final class End extends ClientCommands.OfOne {
    End(Map<String, String> variables) {
      super(variables);
    }

    @Override
    boolean changes() {
      return true;
    }

    @Override
    void ask(AdminClient client) throws IOException, InterruptedException {
      JsonNode answer = client.ask("DELETE", path(SESSIONS, "", Map.of()), null);
      printLine(
          answer,
          "the session of '"
              + id
              + "' is gone, with "
              + answer.path("queued").asText()
              + " messages in its queue");
    }
  }
}
