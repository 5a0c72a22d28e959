package io.vmqtt.gateway.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.connection.Connection;
import io.vmqtt.gateway.link.SystemTopics;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Clients that come and go, under {@code $SYS/broker/clients/CLIENT/}, for those who subscribe
 * that.
 */
final class ClientEvents {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PREFIX = "$SYS/broker/clients/";

  /** What makes no level of a topic, or not one. */
  private static final Pattern NO_LEVEL = Pattern.compile("[/+#]");

  /** Client ids can be as long as topics. */
  private static final int LONGEST_LEVEL = 256;

  private ClientEvents() {}

  /** CONNACK has accepted a client. */
  static void connected(SystemTopics told, Connection connection) {
    if (isTold(told, connection)) {
      told.tellOnce(topic(connection, "connected"), () -> text(about(connection)));
    }
  }

  /** A client that was there is gone. */
  static void disconnected(SystemTopics told, Connection connection) {
    if (isTold(told, connection)) {
      told.tellOnce(
          topic(connection, "disconnected"),
          () -> {
            ReasonCode reason = connection.endReason();
            return text(
                about(connection).put("reason", reason == null ? null : (Integer) reason.value()));
          });
    }
  }

  /** Those who hear of it are in the nameless namespace, and no other is theirs to look into. */
  private static boolean isTold(SystemTopics told, Connection connection) {
    Identity who = connection.identity();
    return told.isHeard() && who != null && who.namespace().equals(Namespace.NAMELESS);
  }

  private static String topic(Connection connection, String event) {
    String id = NO_LEVEL.matcher(connection.clientId()).replaceAll("_");
    return PREFIX + (id.length() > LONGEST_LEVEL ? cut(id) : id) + '/' + event;
  }

  /** Not in the middle of a character. */
  private static String cut(String id) {
    int end =
        Character.isHighSurrogate(id.charAt(LONGEST_LEVEL - 1)) ? LONGEST_LEVEL - 1 : LONGEST_LEVEL;
    return id.substring(0, end);
  }

  private static ObjectNode about(Connection connection) {
    Identity who = connection.identity();
    @Nullable String user = who == null ? null : who.userName();
    return JSON.createObjectNode()
        .put("clientId", connection.clientId())
        .put("user", user)
        .put("namespace", who == null ? "" : who.namespace().name())
        .put("protocol", connection.version().name())
        .put("at", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
  }

  private static String text(ObjectNode json) {
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
