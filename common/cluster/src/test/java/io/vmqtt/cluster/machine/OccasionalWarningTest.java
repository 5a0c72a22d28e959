package io.vmqtt.cluster.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.Test;

class OccasionalWarningTest {
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private long nowNanos = Long.MAX_VALUE - 5; // A clock that runs over means nothing special.

  @Test
  void happened_manyTimes_isSaidOnceAndCountedTheNextTime() {
    Logger log = new LoggerContext().getLogger("here");
    lines.start();
    log.addAppender(lines);
    OccasionalWarning warning = new OccasionalWarning(log, "a pot fell", () -> nowNanos);

    for (int pot = 1; pot <= 1_000; pot++) {
      warning.happened(pot);
    }
    nowNanos += OccasionalWarning.PAUSE_NANOS - 1;
    warning.happened(1_001);
    assertEquals(List.of("a pot fell: 1 (1 times since this was last said)"), said());

    nowNanos++;
    warning.happened(1_002);
    assertEquals(
        List.of(
            "a pot fell: 1 (1 times since this was last said)",
            "a pot fell: 1002 (1001 times since this was last said)"),
        said());
  }

  private List<String> said() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
