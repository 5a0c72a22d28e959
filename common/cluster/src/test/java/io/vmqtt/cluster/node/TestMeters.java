package io.vmqtt.cluster.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;

/** Where a process counts, as each has it. */
@Factory
final class TestMeters {
  @Singleton
  MeterRegistry meters() {
    return new SimpleMeterRegistry();
  }
}
