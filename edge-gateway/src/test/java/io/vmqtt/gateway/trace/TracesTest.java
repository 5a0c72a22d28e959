package io.vmqtt.gateway.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.operation.TraceEvents;
import io.vmqtt.cluster.operation.TraceSpec;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TracesTest {
  private long nowMillis;
  private final Traces traces = new Traces("gateway-1", () -> Instant.ofEpochMilli(nowMillis));

  private @Nullable Trace start(String id, long untilMillis) {
    return traces.start(new TraceSpec(id, null, "c", null, null, untilMillis));
  }

  private static TraceEvents.TraceEvent event(int number) {
    return new TraceEvents.TraceEvent("", "g", "", "c", null, "in", "p" + number, Map.of());
  }

  private static List<String> names(TraceEvents events) {
    return events.events().stream().map(TraceEvents.TraceEvent::packet).toList();
  }

  @Test
  void start_asManyAsMayBe_refusedUntilOneIsOver() {
    for (int i = 0; i < Traces.MOST; i++) {
      assertNotNull(start("t" + i, 100 + i));
    }
    assertNull(start("more", 1_000));
    nowMillis = 100;
    assertEquals(Traces.MOST - 1, traces.active().size());

    assertNotNull(start("more", 1_000));

    assertEquals(Traces.MOST, traces.list().traces().size());
    assertNull(traces.events("t0", 0, 10).trace());
  }

  @Test
  void events_pageByPage_eachOnce() {
    Trace trace = Objects.requireNonNull(start("t", 100));
    for (int i = 0; i < 5; i++) {
      trace.add(event(i));
    }

    TraceEvents first = traces.events("t", 0, 3);
    assertEquals(List.of("p0", "p1", "p2"), names(first));
    assertTrue(first.more());
    TraceEvents second = traces.events("t", first.through(), 3);
    assertEquals(List.of("p3", "p4"), names(second));
    assertFalse(second.more());
    assertFalse(second.over());
    assertEquals(List.of(), names(traces.events("t", second.through(), 3)));
    nowMillis = 100;
    assertTrue(traces.events("t", 0, 3).over());
  }

  @Test
  void events_moreThanAreKept_theOldestAreLeftOutAndCounted() {
    Trace trace = Objects.requireNonNull(start("t", 100));
    for (int i = 0; i < Trace.MOST_EVENTS + 10; i++) {
      trace.add(event(i));
    }

    TraceEvents told = traces.events("t", 4, 2);

    assertEquals(List.of("p10", "p11"), names(told));
    assertEquals(6, told.leftOut());
    assertEquals(Trace.MOST_EVENTS + 10, traces.list().traces().getFirst().events());
  }

  @Test
  void isAbout_addressInANetwork() {
    Trace trace =
        Objects.requireNonNull(
            traces.start(new TraceSpec("t", null, null, null, "10.0.0.0/8", 100)));
    assertTrue(trace.isAbout("any", new InetSocketAddress("10.1.2.3", 5)));
    assertFalse(trace.isAbout("any", new InetSocketAddress("11.1.2.3", 5)));
    assertFalse(trace.isAbout("any", null));
    assertThrows(
        IllegalArgumentException.class,
        () -> traces.start(new TraceSpec("u", null, null, null, "ten", 100)));
  }

  @Test
  void end_forgetsAndEnds() {
    Trace trace = Objects.requireNonNull(start("t", 100));
    traces.end("t");
    assertTrue(trace.isOver());
    assertEquals(List.of(), traces.active());
    assertNull(traces.events("t", 0, 1).trace());
  }
}
