package io.vmqtt.cluster.status;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.vmqtt.cluster.inspection.RepeatedLines;
import io.vmqtt.cluster.option.LiveOption;
import jakarta.inject.Named;
import jakarta.inject.Singleton;

/** What is to be known of the log of this process, and can change. */
@Factory
final class LogBeans {

  /** Counts from the start on. */
  @Context
  FunctionCounter linesLeftOut(MeterRegistry meters) {
    return FunctionCounter.builder(
            "vmqtt.log.lines.left.out", RepeatedLines.ofThisProcess(), RepeatedLines::leftOut)
        .description("lines of the log beyond --log-repeats of the same in a minute")
        .register(meters);
  }

  @Singleton
  @Named("log-repeats")
  LiveOption logRepeats() {
    return LiveOption.of("log-repeats", RepeatedLines.MOST, RepeatedLines.ofThisProcess()::most);
  }
}
