package io.vmqtt.gateway.transport;

import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.connection.Connection;
import io.vmqtt.model.ReasonCode;
import java.net.SocketAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Says who comes, and who goes and why, where the operator wants to know.
 *
 * @param isOn whether it says anything
 */
public record ConnectionLog(boolean isOn) {
  private static final Logger log = LoggerFactory.getLogger(ConnectionLog.class);

  /** What could make one line look like two. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]");

  /** CONNACK has accepted a client. */
  void connected(Connection connection, @Nullable SocketAddress peer) {
    if (isOn) {
      event(connection)
          .log(
              "client '{}' at {} connected, MQTT {}",
              printable(connection.clientId()),
              peer,
              connection.version());
    }
  }

  /** A connection is over, one that was refused too. */
  void ended(Connection connection, @Nullable SocketAddress peer) {
    if (isOn) {
      event(connection)
          .log(
              "client '{}' at {} is gone, MQTT {}: {}",
              printable(connection.clientId()),
              peer,
              connection.version(),
              reason(connection.endReason()));
    }
  }

  /** With what is looked for in fields of their own, where lines have such. */
  private static LoggingEventBuilder event(Connection connection) {
    LoggingEventBuilder event =
        log.atInfo().addKeyValue("clientId", printable(connection.clientId()));
    Identity who = connection.identity();
    return who == null ? event : event.addKeyValue("namespace", who.namespace().name());
  }

  private static String reason(@Nullable ReasonCode reason) {
    if (reason == null) {
      return "the connection was lost";
    }
    String name = reason == ReasonCode.SUCCESS ? "NORMAL_DISCONNECTION" : reason.name();
    return "%s (0x%02X)".formatted(name, reason.value());
  }

  private static String printable(String clientId) {
    return CONTROL.matcher(clientId).replaceAll("?");
  }
}
