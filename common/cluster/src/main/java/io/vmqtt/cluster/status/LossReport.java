package io.vmqtt.cluster.status;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.vmqtt.cluster.node.LocalNode;
import jakarta.annotation.PreDestroy;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of losses: one line per kind every ten seconds in which there were some, however many. Who
 * counts a loss need not log it.
 */
@Context
@Requires(beans = {LocalNode.class, MeterRegistry.class})
final class LossReport implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LossReport.class);
  private static final long LOOK_SECONDS = 10;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("losses").daemon().factory());

  LossReport(MeterRegistry registry) {
    Losses losses = new Losses(registry);
    var _ =
        timer.scheduleWithFixedDelay(
            () -> losses.sinceLastLook().forEach(log::warn),
            LOOK_SECONDS,
            LOOK_SECONDS,
            TimeUnit.SECONDS);
  }

  @Override
  @PreDestroy
  public void close() {
    timer.shutdownNow();
  }
}
