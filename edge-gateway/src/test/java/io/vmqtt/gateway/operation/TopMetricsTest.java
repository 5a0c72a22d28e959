package io.vmqtt.gateway.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.operation.TopList;
import io.vmqtt.cluster.operation.TopList.Item;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which topics are metrics, and for how long. */
class TopMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final TopMetrics metrics = new TopMetrics(new TopCount(new Loops(List::of)), registry);

  private static TopList topics(List<Item> topics) {
    return new TopList(2_000, topics, List.of(), List.of(), List.of(), List.of(), List.of());
  }

  private double value(String topic) {
    return registry.get("vmqtt.gateway.top.topics").tag("topic", topic).gauge().value();
  }

  private Collection<? extends Meter> meters() {
    return registry.find("vmqtt.gateway.top.topics").gauges();
  }

  @Test
  void show_moreThanMayBe_theFirstAreThere_andGoWhenOthersAreFirst() {
    metrics.show(
        topics(IntStream.range(0, 20).mapToObj(i -> new Item("", "t/" + i, 100 - i)).toList()));
    assertEquals(TopMetrics.MOST, meters().size());
    assertEquals(50, value("t/0"));

    metrics.show(topics(List.of(new Item("plant", "u", 7))));
    assertEquals(1, meters().size());
    Meter.Id id = meters().iterator().next().getId();
    assertEquals("u", id.getTag("topic"));
    assertEquals("plant", id.getTag("namespace"));

    metrics.show(null);
    assertEquals(0, meters().size());
  }

  @Test
  void show_longTopics_areCut() {
    String begin = "x".repeat(TopMetrics.MOST_CHARACTERS);
    metrics.show(topics(List.of(new Item("", begin + "a", 6), new Item("", begin + "b", 4))));

    assertEquals(1, meters().size());
    assertEquals(5, value(begin));
  }

  @Test
  void show_afterItsEnd_nothingIsThere() {
    metrics.close();
    metrics.show(topics(List.of(new Item("", "t", 6))));

    assertEquals(0, meters().size());
  }
}
