package io.vmqtt.gateway.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The figures, and the averages in which the past fades. */
class SystemFiguresTest {
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong clients = new AtomicLong();
  private final SystemFigures figures =
      new SystemFigures("9.9", 0)
          .connected(clients::get)
          .gauge("subscriptions/count", () -> 7)
          .counter("publish/messages/received", "publish/received", count::get);

  private Map<String, String> look(int second) {
    return figures.look(Duration.ofSeconds(second).toNanos());
  }

  @Test
  void look_saysWhatUsersOfMosquittoKnow() {
    clients.set(5);
    count.set(3);
    Map<String, String> first = look(10);
    assertEquals("vmqtt version 9.9", first.get("version"));
    assertEquals("10 seconds", first.get("uptime"));
    assertEquals("5", first.get("clients/connected"));
    assertEquals("7", first.get("subscriptions/count"));
    assertEquals("3", first.get("publish/messages/received"));
    clients.set(2);
    Map<String, String> second = look(20);
    assertEquals("2", second.get("clients/connected"));
    assertEquals("5", second.get("clients/maximum"));
  }

  @Test
  void look_steadyRate_allAveragesComeToIt() {
    Map<String, String> last = Map.of();
    for (int second = 10; second <= 4 * 3_600; second += 10) {
      count.addAndGet(20);
      last = look(second);
    }
    assertEquals("120.00", last.get("load/publish/received/1min"));
    assertEquals("120.00", last.get("load/publish/received/5min"));
    assertEquals("120.00", last.get("load/publish/received/15min"));
  }

  @Test
  void look_rateEnds_theAverageOfAMinuteFadesByE() {
    for (int second = 10; second <= 3_600; second += 10) {
      count.addAndGet(20);
      look(second);
    }
    Map<String, String> last = Map.of();
    for (int second = 3_610; second <= 3_660; second += 10) {
      last = look(second);
    }
    assertEquals("44.15", last.get("load/publish/received/1min")); // 120 / e
    assertEquals(
        98.25, Double.parseDouble(last.get("load/publish/received/5min")), 0.1); // 120 / e^(1/5)
  }
}
