package io.vmqtt.cluster.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RefusalsTest {
  private final Logger log = (Logger) LoggerFactory.getLogger(Refusals.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private final Refusals refusals = new Refusals();

  @BeforeEach
  void begin() {
    said.start();
    log.addAppender(said);
    log.setAdditive(false);
  }

  @AfterEach
  void end() {
    log.setAdditive(true);
    log.detachAppender(said);
  }

  private List<String> warnings() {
    return said.list.stream()
        .filter(event -> event.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Test
  void say_theSameAgain_onceAMinute() {
    refusals.say("one");
    refusals.say("two");
    refusals.say("one");

    assertEquals(List.of("one", "two"), warnings());
  }

  /** Else a certificate's name could write lines of its own. */
  @Test
  void say_wordsOfAStranger_areOneLineThatIsNotLong() {
    refusals.say("CN=a\r\nWARN all is well\u001b[2J\u2028\u0085" + "x".repeat(1_000));

    String line = "CN=a??WARN all is well?[2J??";
    assertEquals(List.of(line + "x".repeat(300 - line.length())), warnings());
  }

  @Test
  void say_manyThings_notMoreThanThereIsRoomFor() {
    for (int i = 0; i < 1_000; i++) {
      refusals.say("line " + i);
    }

    assertEquals(100, warnings().size());
  }
}
