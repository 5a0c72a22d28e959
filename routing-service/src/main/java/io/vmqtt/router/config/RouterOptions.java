package io.vmqtt.router.config;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * What an operator can set for a router, as properties {@code vmqtt.router.*}; see {@code
 * docs/configuration.md}.
 *
 * @param failureDetection how long a gateway's link may be down before it is taken for dead
 * @param maxUndeliveredBytes how much may wait for one destination
 * @param maxTasks how many batches and events may wait for the router's thread
 */
@ConfigurationProperties("vmqtt.router")
public record RouterOptions(
    @Bindable(defaultValue = "3s") Duration failureDetection,
    @Bindable(defaultValue = "268435456") long maxUndeliveredBytes,
    @Bindable(defaultValue = "65536") int maxTasks) {

  /** As the router takes it. */
  public RouterConfig toConfig() {
    return new RouterConfig(failureDetection, maxUndeliveredBytes, maxTasks);
  }
}
