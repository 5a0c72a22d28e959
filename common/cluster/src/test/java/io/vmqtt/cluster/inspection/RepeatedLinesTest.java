package io.vmqtt.cluster.inspection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class RepeatedLinesTest {
  private static final String NAME = "io.vmqtt.repeated.Test";

  private final RepeatedLines lines = new RepeatedLines();
  private final Logger log = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(NAME);
  private final ListAppender<ILoggingEvent> told = new ListAppender<>();

  RepeatedLinesTest() {
    lines.most(3);
    log.setAdditive(false);
    log.setLevel(Level.INFO);
    told.start();
    log.addAppender(told);
  }

  @AfterEach
  void letGo() {
    log.detachAppender(told);
  }

  private long passed(String logger, Level level, String pattern, int times) {
    return IntStream.range(0, times).filter(i -> lines.mayPass(logger, level, pattern)).count();
  }

  private List<String> told() {
    return told.list.stream().map(one -> one.getLevel() + " " + one.getFormattedMessage()).toList();
  }

  @Test
  void mayPass_beyondTheBoundInAMinute_isCountedAndToldAtItsEnd() {
    assertEquals(3, passed(NAME, Level.WARN, "{} is away", 10));
    assertEquals(2, passed(NAME, Level.WARN, "{} is back", 2));
    assertEquals(3, passed(NAME, Level.INFO, "{} is away", 4));

    lines.minuteIsOver();

    assertEquals(
        List.of(
            "INFO … 1 more of this in the last minute: {} is away",
            "WARN … 7 more of this in the last minute: {} is away"),
        told().stream().sorted().toList());
    assertEquals(8, lines.leftOut());
    assertEquals(3, passed(NAME, Level.WARN, "{} is away", 10), "a new minute has begun");
  }

  @Test
  void mayPass_errorsDetailsAndDeeds_areNeverTooMany() {
    assertEquals(10, passed(NAME, Level.ERROR, "x", 10));
    assertEquals(10, passed(NAME, Level.DEBUG, "x", 10));
    assertEquals(10, passed("io.vmqtt.audit.operators", Level.INFO, "x", 10));
    assertEquals(10, passed(NAME, Level.INFO, RepeatedLines.SUMMARY, 10));
    assertEquals(3, passed("io.vmqtt.auditors", Level.INFO, "x", 10));
  }

  @Test
  void filter_linesWithFieldsOfTheirOwn_areLeftAlone() {
    RepeatedLines ofProcess = RepeatedLines.ofThisProcess();
    RepeatFilter filter = new RepeatFilter();
    filter.setMost(2);
    filter.start();
    try {
      LoggingEvent plain = new LoggingEvent("x", log, Level.INFO, "plain {}", null, null);
      LoggingEvent asked = new LoggingEvent("x", log, Level.INFO, "client {}", null, null);
      asked.setKeyValuePairs(List.of(new KeyValuePair("clientId", "pump-7")));
      long before = ofProcess.leftOut();
      for (int i = 0; i < 2; i++) {
        assertEquals(FilterReply.NEUTRAL, filter.decide(plain));
        assertEquals(FilterReply.NEUTRAL, filter.decide(asked));
      }

      assertEquals(FilterReply.DENY, filter.decide(plain));
      assertEquals(FilterReply.NEUTRAL, filter.decide(asked));
      assertEquals(1, ofProcess.leftOut() - before);
    } finally {
      filter.setMost(0);
      filter.stop();
    }
  }

  @Test
  void most_none_letsAllPass() {
    lines.most(0);

    assertEquals(1_000, passed(NAME, Level.INFO, "x", 1_000));
    lines.minuteIsOver();
    assertEquals(List.of(), told());
  }

  @Test
  void kinds_moreThanAreCounted_pass() {
    for (int i = 0; i < RepeatedLines.MOST_KINDS; i++) {
      assertTrue(lines.mayPass(NAME, Level.INFO, "kind " + i));
    }

    assertEquals(10, passed(NAME, Level.INFO, "one more", 10));
    assertEquals(2, passed(NAME, Level.INFO, "kind 0", 10));
    assertFalse(lines.mayPass(NAME, Level.INFO, "kind 0"));
  }
}
