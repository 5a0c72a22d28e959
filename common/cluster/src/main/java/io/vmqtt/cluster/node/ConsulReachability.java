package io.vmqtt.cluster.node;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.vmqtt.cluster.consul.Consul;
import jakarta.inject.Singleton;
import java.util.Map;
import org.reactivestreams.Publisher;

/**
 * Says in {@code /health} whether Consul answers, without ever being down for it: a process whose
 * Consul is away still serves.
 */
@Singleton
@Requires(beans = Consul.class)
final class ConsulReachability implements HealthIndicator {
  private final Consul consul;

  ConsulReachability(Consul consul) {
    this.consul = consul;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    return Publishers.just(
        HealthResult.builder("consul", HealthStatus.UP)
            .details(Map.of("reachable", consul.isReachable()))
            .build());
  }
}
