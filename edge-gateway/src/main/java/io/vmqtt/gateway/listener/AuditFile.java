package io.vmqtt.gateway.listener;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vmqtt.cluster.bans.Pardon;
import io.vmqtt.cluster.facts.Origin;
import io.vmqtt.cluster.machine.LineFile;
import io.vmqtt.gateway.audit.AuditEvent;
import io.vmqtt.gateway.audit.Change;
import io.vmqtt.gateway.audit.FairAudit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * The file of an audit ({@link LineFile}): a line of JSON for each event. Where the disk does not
 * keep up, events are dropped and counted.
 */
final class AuditFile implements FairAudit.Sink, AutoCloseable {
  private final JsonMapper json = new JsonMapper();
  private final LineFile lines;

  /**
   * Opens the file, and makes it if it is not there.
   *
   * @param maxBytes at which it is renamed
   * @param kept how many of those renamed are kept
   * @throws IOException if it cannot be written; the message names it
   */
  AuditFile(Path file, long maxBytes, int kept) throws IOException {
    lines = new LineFile("audit", file, maxBytes, kept);
  }

  /** How many events were dropped because they came faster than the disk takes them. */
  long dropped() {
    return lines.dropped();
  }

  @Override
  public void write(AuditEvent event, long leftOut) {
    Instant now = now();
    lines.write(() -> line(event, leftOut, now));
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  /** A change that a node has heard of; there are few of them, and none is left out. */
  void write(Change change, String node) {
    ObjectNode line = begun("change", now()).put("of", change.of());
    change.details().forEach((name, value) -> line.set(name, json.valueToTree(value)));
    Origin origin = change.origin();
    if (origin != null && origin.isByOperator()) {
      line.put("operator", origin.owner());
    } else if (origin != null) {
      line.put("file", origin.file());
      if (!origin.owner().isEmpty()) {
        line.put("owner", origin.owner());
      }
    }
    line.put("node", node);
    lines.write(() -> bytes(line));
  }

  /** A pardon that a node has heard of, likewise. */
  void write(Pardon pardon, int takenBack, String node) {
    ObjectNode line =
        begun("pardon", now())
            .put(pardon.who().label(), AuditEvent.cut(pardon.who().text()))
            .put("at", pardon.at().toString())
            .put("by", AuditEvent.cut(pardon.by()))
            .put("reason", AuditEvent.cut(pardon.reason()))
            .put("taken_back", takenBack)
            .put("node", node);
    lines.write(() -> bytes(line));
  }

  private ObjectNode begun(String event, Instant now) {
    return json.createObjectNode().put("time", now.toString()).put("event", event);
  }

  private byte[] line(AuditEvent event, long leftOut, Instant now) {
    ObjectNode line =
        begun(event.kind().name().toLowerCase(Locale.ROOT), now).put("allowed", event.isAllowed());
    if (!event.isAllowed()) {
      line.put("reason", event.why().name().toLowerCase(Locale.ROOT));
    }
    line.put("listener", event.listener())
        .put("namespace", event.namespace().name())
        .put("client", event.clientId());
    if (event.userName() != null) {
      line.put("user", event.userName());
    }
    if (event.peer() != null) {
      line.put("from", text(event.peer()));
    }
    if (event.topic() != null) {
      line.put("topic", event.topic());
    }
    if (event.rule() != null) {
      line.put("rule", event.rule());
    }
    if (leftOut > 0) {
      line.put("left_out_before", leftOut);
    }
    return bytes(line);
  }

  private static byte[] bytes(ObjectNode line) {
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String text(SocketAddress peer) {
    return peer instanceof InetSocketAddress address && address.getAddress() != null
        ? address.getAddress().getHostAddress() + ':' + address.getPort()
        : peer.toString();
  }

  /** What waits is written before. */
  @Override
  public void close() {
    lines.close();
  }
}
