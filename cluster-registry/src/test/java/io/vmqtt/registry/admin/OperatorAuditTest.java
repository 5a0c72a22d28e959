package io.vmqtt.registry.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.option.OptionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorAuditTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @TempDir private Path folder;

  @Test
  void did_isALineOfJson_behindThoseBefore() throws IOException {
    Path file = folder.resolve("operators.log");
    for (int i = 0; i < 2; i++) {
      try (OperatorAudit audit = new OperatorAudit(file, meters)) {
        audit.did("anna", "10.0.0.7", "DELETE", "/api/v1/clients/\"a\"", 200 + 203 * i);
      }
    }

    List<String> lines = Files.readAllLines(file);
    assertEquals(2, lines.size());
    JsonNode first = new ObjectMapper().readTree(lines.getFirst());
    assertEquals("operator", first.path("event").asText());
    assertEquals("anna", first.path("operator").asText());
    assertEquals("10.0.0.7", first.path("from").asText());
    assertEquals("DELETE", first.path("method").asText());
    assertEquals("/api/v1/clients/\"a\"", first.path("request").asText());
    assertEquals(200, first.path("status").asInt());
    assertTrue(first.path("allowed").asBoolean());
    assertFalse(new ObjectMapper().readTree(lines.getLast()).path("allowed").asBoolean());
    assertEquals(0, meters.get("vmqtt.operators.audit.dropped").functionCounter().count());
  }

  @Test
  void file_cannotBeWritten_isToldWithTheOption() {
    Path file = folder.resolve("none").resolve("operators.log");

    OptionException told =
        assertThrows(OptionException.class, () -> new OperatorAudit(file, meters));

    assertTrue(
        String.valueOf(told.getMessage()).startsWith("--operator-audit: " + file),
        told::getMessage);
  }
}
