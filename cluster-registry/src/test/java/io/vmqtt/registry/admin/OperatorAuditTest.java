package io.vmqtt.registry.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.operation.Deed;
import io.vmqtt.cluster.operation.DeedPage;
import io.vmqtt.cluster.operation.DeedQuery;
import io.vmqtt.cluster.operation.RegistryOperations;
import io.vmqtt.cluster.option.OptionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorAuditTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00.100Z"));

  @TempDir private Path folder;

  private OperatorAudit audit(@Nullable Path file) {
    return new OperatorAudit("registry-1", file, now::get, meters);
  }

  @Test
  void did_isALineOfJson_behindThoseBefore() throws IOException {
    Path file = folder.resolve("operators.log");
    for (int i = 0; i < 2; i++) {
      try (OperatorAudit audit = audit(file)) {
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

  private static DeedPage asked(OperatorAudit audit, DeedQuery query) {
    return audit.answers().ask(RegistryOperations.DEEDS, query).join();
  }

  private static List<Long> numbers(DeedPage page) {
    return page.deeds().stream().map(Deed::number).toList();
  }

  @Test
  void deeds_areTheLatestFirst_alsoWhenTheClockIsSetBack() {
    try (OperatorAudit audit = audit(null)) {
      audit.did("anna", "10.0.0.7", "PUT", "/api/v1/access", 200);
      now.set(Instant.parse("2025-12-31T00:00:00Z"));
      audit.did("?eve", "10.0.0.8", "DELETE", "/api/v1/sessions/" + "x".repeat(600), 401);
      audit.did("anna", "10.0.0.7", "POST", "/api/v1/bans", 200);

      DeedPage first = asked(audit, new DeedQuery(null, null, 2));
      DeedPage rest = asked(audit, new DeedQuery(null, first.deeds().getLast().place(), 2));
      DeedPage ofAnna = asked(audit, new DeedQuery("ann*", null, 10));

      assertEquals(List.of(3L, 2L), numbers(first));
      assertTrue(first.more());
      assertEquals(List.of(1L), numbers(rest));
      assertFalse(rest.more());
      assertEquals(List.of(3L, 1L), numbers(ofAnna));
      Deed ofEve = first.deeds().getLast();
      assertFalse(ofEve.allowed());
      assertEquals("2026-01-01T00:00:00.100Z", ofEve.time());
      assertEquals(500, ofEve.request().length());
    }
  }

  @Test
  void deeds_beyondTheBound_areWithoutTheEarliest() {
    try (OperatorAudit audit = audit(null)) {
      IntStream.rangeClosed(1, DeedQuery.MOST + 5)
          .forEach(i -> audit.did("anna", "10.0.0.7", "POST", "/api/v1/messages", 200));

      DeedPage page = asked(audit, new DeedQuery(null, null, DeedQuery.MOST));

      assertEquals(DeedQuery.MOST, page.deeds().size());
      assertFalse(page.more());
      assertEquals(6, page.deeds().getLast().number());
    }
  }

  @Test
  void deeds_ofStrangers_pushThoseOfOperatorsOutNever() {
    try (OperatorAudit audit = audit(null)) {
      audit.did("anna", "10.0.0.7", "PUT", "/api/v1/access", 200);
      IntStream.rangeClosed(1, DeedQuery.MOST + 5)
          .forEach(i -> audit.did("-", "10.0.0.8", "POST", "/api/v1/x", 401));

      DeedPage page = asked(audit, new DeedQuery(null, null, DeedQuery.MOST));

      assertEquals(1_001, page.deeds().size());
      assertEquals("-", page.deeds().getFirst().operator());
      assertEquals(1, page.deeds().getLast().number());
    }
  }

  @Test
  void file_cannotBeWritten_isToldWithTheOption() {
    Path file = folder.resolve("none").resolve("operators.log");

    OptionException told = assertThrows(OptionException.class, () -> audit(file));

    assertTrue(
        String.valueOf(told.getMessage()).startsWith("--operator-audit: " + file),
        told::getMessage);
  }
}
