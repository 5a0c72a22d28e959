package io.vmqtt.cluster.inspection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.operation.LogLevelChange;
import io.vmqtt.cluster.operation.LogLevels;
import io.vmqtt.cluster.operation.OperationRefusal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class ProcessLogTest {
  private static final String OWN = "io.vmqtt.test.levels";

  private final ProcessLog log = ProcessLog.ofThisProcess();

  private static LogLevelChange change(String logger, @Nullable String level) {
    Map<String, @Nullable String> levels = new HashMap<>();
    levels.put(logger, level);
    return new LogLevelChange(levels);
  }

  private static Optional<LogLevels.Entry> entry(LogLevels levels, String logger) {
    return levels.loggers().stream().filter(one -> one.logger().equals(logger)).findFirst();
  }

  @Test
  void change_andBack_isWhatItWasAtTheStart() {
    Logger below = LoggerFactory.getLogger(OWN + ".Below");
    assertFalse(below.isTraceEnabled());

    LogLevels.Entry entry = entry(log.change(change(OWN, "TRACE")), OWN).orElseThrow();
    assertTrue(below.isTraceEnabled());
    assertEquals("TRACE", entry.level());
    assertTrue(entry.changed());
    assertNull(entry.atStart());

    assertTrue(entry(log.change(change(OWN, null)), OWN).isEmpty());
    assertFalse(below.isTraceEnabled());
  }

  @Test
  void change_ofWhatHasALevel_isTakenBackToThat() {
    LogLevels.Entry root = entry(log.levels(), "ROOT").orElseThrow();
    assertFalse(root.changed());
    log.change(change("ROOT", "ERROR"));
    assertEquals(root.level(), entry(log.levels(), "ROOT").orElseThrow().atStart());
    assertEquals(root, entry(log.change(change("ROOT", null)), "ROOT").orElseThrow());
  }

  @Test
  void change_ofTheSameByAnotherName_isTakenBackByEither() {
    LogLevels.Entry before = entry(log.levels(), "ROOT").orElseThrow();
    log.change(change("root", "ERROR"));
    assertTrue(entry(log.levels(), "ROOT").orElseThrow().changed());
    assertEquals(before, entry(log.change(change("ROOT", null)), "ROOT").orElseThrow());
  }

  @Test
  void audit_cannotBeSilenced() {
    Logger audit = LoggerFactory.getLogger("io.vmqtt.audit.operators");
    assertTrue(audit.isInfoEnabled());
    assertThrows(
        OperationRefusal.class, () -> log.change(change("io.vmqtt.audit.operators", "OFF")));
    log.change(change("io.vmqtt", "ERROR"));
    try {
      assertTrue(audit.isInfoEnabled());
    } finally {
      log.change(change("io.vmqtt", null));
    }
  }

  @Test
  void changes_haveABound() {
    for (int i = 0; i < 500; i++) {
      log.change(change(OWN + i, "DEBUG"));
    }
    assertThrows(OperationRefusal.class, () -> log.change(change(OWN + ".more", "DEBUG")));
    for (int i = 0; i < 500; i++) {
      log.change(change(OWN + i, null));
    }
    log.change(change(OWN + ".more", "DEBUG"));
    log.change(change(OWN + ".more", null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a..b", ".a", "ü"})
  void name_thatIsNone_isRefused(String name) {
    assertThrows(IllegalArgumentException.class, () -> change(name, "INFO"));
  }

  @Test
  void level_thatIsNone_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> change("a", "LOUD"));
    assertThrows(IllegalArgumentException.class, () -> new LogLevelChange(Map.of()));
  }
}
