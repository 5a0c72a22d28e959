package io.vmqtt.gateway.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.audit.AuditEvent;
import io.vmqtt.gateway.audit.AuditEvent.Kind;
import io.vmqtt.gateway.audit.FactChange;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
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
  void write_change_aLineWithItsVersionAndWhoHeardOfIt() throws IOException {
    Path file = folder.resolve("audit.log");
    try (AuditFile audit = new AuditFile(file, 1 << 20, 2)) {
      audit.write(new FactChange("access", 1764150000000L, 5), "gateway-1");
    }

    String line = Files.readString(file);
    assertEquals(
        "\"event\":\"change\",\"of\":\"access\",\"version\":1764150000000,\"count\":5,"
            + "\"node\":\"gateway-1\"}\n",
        line.substring(line.indexOf("\"event\"")));
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
