package io.vmqtt.cluster.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogueFilterTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private Meter.Id registered(String name) {
    MetricCatalogue catalogue =
        () -> List.of(Metric.counter("vmqtt.read", "what was read", MetricLabel.PORT).inBytes());
    registry.config().meterFilter(new CatalogueFilter(List.of(catalogue)));
    return Counter.builder(name)
        .description("as it came")
        .tag("port", "link")
        .register(registry)
        .getId();
  }

  @Test
  void map_aNameOfTheCatalogue_carriesItsMeaningAndUnit() {
    Meter.Id id = registered("vmqtt.read");

    assertEquals("what was read", id.getDescription());
    assertEquals("bytes", id.getBaseUnit());
    assertEquals("link", id.getTag("port"));
  }

  @Test
  void map_anotherName_staysAsItIs() {
    Meter.Id id = registered("jvm.read");

    assertEquals("as it came", id.getDescription());
    assertNull(id.getBaseUnit());
  }

  @Test
  void exposedName_byUnitAndKind() {
    assertEquals(
        "vmqtt_read_bytes_total", Metric.counter("vmqtt.read", "").inBytes().exposedName());
    assertEquals("vmqtt_free_bytes", Metric.gauge("vmqtt.free.bytes", "").inBytes().exposedName());
    assertEquals("vmqtt_commit_seconds", Metric.latency("vmqtt.commit", "").exposedName());
  }
}
