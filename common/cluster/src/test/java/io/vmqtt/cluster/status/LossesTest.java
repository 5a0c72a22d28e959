package io.vmqtt.cluster.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LossesTest {
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final Losses losses = new Losses(registry);

  @Test
  void sinceLastLook_countersOfLossesThatRose_oncePerKindWithHowMany() {
    Counter shed =
        Counter.builder("vmqtt.test.shed").description("pots that fell").register(registry);
    AtomicLong refused = new AtomicLong();
    FunctionCounter.builder("vmqtt.test.pots.refused", refused, AtomicLong::doubleValue)
        .description("pots that were not taken")
        .tag("shelf", "upper")
        .register(registry);
    Counter made = Counter.builder("vmqtt.test.made").description("pots").register(registry);

    assertEquals(List.of(), losses.sinceLastLook());

    shed.increment(1_000);
    shed.increment();
    refused.set(7);
    made.increment();
    assertEquals(
        List.of(
            "vmqtt.test.pots.refused upper: 7 more (pots that were not taken)",
            "vmqtt.test.shed: 1001 more (pots that fell)"),
        losses.sinceLastLook());

    shed.increment();
    assertEquals(List.of("vmqtt.test.shed: 1 more (pots that fell)"), losses.sinceLastLook());
    assertEquals(List.of(), losses.sinceLastLook());
  }
}
