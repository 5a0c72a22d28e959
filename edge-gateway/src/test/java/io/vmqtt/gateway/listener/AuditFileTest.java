package io.vmqtt.gateway.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmqtt.cluster.facts.Origin;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.audit.AuditEvent;
import io.vmqtt.gateway.audit.AuditEvent.Kind;
import io.vmqtt.gateway.audit.Change;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditFileTest {
  @TempDir private Path folder;

  @Test
  void write_events_aLineOfJsonForEach() throws IOException {
    Path file = folder.resolve("audit.log");
    try (AuditFile audit = new AuditFile(file, 1 << 20, 2)) {
      audit.write(
          AuditEvent.of(
                  Kind.PUBLISH,
                  "tls",
                  ReasonCode.NOT_AUTHORIZED,
                  new Identity(
                      Namespace.of("plant"),
                      "c\"\n1",
                      "anna",
                      new InetSocketAddress("10.0.0.7", 1234),
                      null),
                  "a/b")
              .by("line 3: deny publish a/#"),
          12);
      audit.write(accepted("c2"), 0);
    }

    List<String> lines = Files.readAllLines(file);
    assertEquals(2, lines.size());
    JsonNode first = new ObjectMapper().readTree(lines.getFirst());
    assertFalse(Instant.parse(first.get("time").asText()).isAfter(Instant.now()));
    assertEquals(
        "\"event\":\"publish\",\"allowed\":false,\"reason\":\"not_authorized\",\"listener\":\"tls\","
            + "\"namespace\":\"plant\",\"client\":\"c\\\"\\n1\",\"user\":\"anna\","
            + "\"from\":\"10.0.0.7:1234\",\"topic\":\"a/b\","
            + "\"rule\":\"line 3: deny publish a/#\",\"left_out_before\":12}",
        lines.getFirst().substring(lines.getFirst().indexOf("\"event\"")));
    assertTrue(
        lines
            .getLast()
            .endsWith(
                "\"event\":\"connect\",\"allowed\":true,\"listener\":\"tls\",\"namespace\":\"\","
                    + "\"client\":\"c2\"}"),
        lines.getLast());
  }

  @Test
  void write_change_aLineWithWhatIsKnownOfWhoSaidItAndWhoHeardOfIt() throws IOException {
    Path file = folder.resolve("audit.log");
    try (AuditFile audit = new AuditFile(file, 1 << 20, 2)) {
      audit.write(
          Change.of("access", new Origin("/etc/access.yaml", "anna"))
              .with("version", 1764150000000L)
              .with("added", List.of(Map.of("user", "bert"))),
          "gateway-1");
      audit.write(Change.of("listeners", null).with("opened", List.of("one")), "gateway-1");
    }

    assertEquals(
        List.of(
            "\"event\":\"change\",\"of\":\"access\",\"version\":1764150000000,"
                + "\"added\":[{\"user\":\"bert\"}],\"file\":\"/etc/access.yaml\",\"owner\":\"anna\","
                + "\"node\":\"gateway-1\"}",
            "\"event\":\"change\",\"of\":\"listeners\",\"opened\":[\"one\"],\"node\":\"gateway-1\"}"),
        Files.readAllLines(file).stream()
            .map(line -> line.substring(line.indexOf("\"event\"")))
            .toList());
  }

  @Test
  void write_fileIsFull_isRenamedAndAFewAreKept() throws IOException {
    Path file = folder.resolve("audit.log");
    try (AuditFile audit = new AuditFile(file, 4096, 2)) {
      for (int i = 0; i < 1000; i++) {
        audit.write(accepted("client " + i), 0);
      }
    }

    try (var files = Files.list(folder)) {
      assertEquals(
          List.of("audit.log", "audit.log.1", "audit.log.2"),
          files.map(each -> each.getFileName().toString()).sorted().toList());
    }
    assertTrue(Files.readString(file).contains("\"client 999\""));
    assertTrue(Files.size(folder.resolve("audit.log.1")) < 3 * 4096);
  }

  @Test
  void open_thereAlready_isGoneOnWith() throws IOException {
    Path file = Files.writeString(folder.resolve("audit.log"), "before\n");
    try (AuditFile audit = new AuditFile(file, 1 << 20, 2)) {
      audit.write(accepted("c"), 0);
    }

    assertEquals(2, Files.readAllLines(file).size());
  }

  @Test
  void open_noSuchFolder_theComplaintNamesIt() {
    Path file = folder.resolve("none").resolve("audit.log");

    assertEquals(
        file + ": there is no folder " + file.getParent(),
        assertThrows(IOException.class, () -> new AuditFile(file, 1 << 20, 2)).getMessage());
  }

  private static AuditEvent accepted(String clientId) {
    return AuditEvent.of(
        Kind.CONNECT,
        "tls",
        ReasonCode.SUCCESS,
        new Identity(Namespace.NAMELESS, clientId, null, null, null),
        null);
  }
}
