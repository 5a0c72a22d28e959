package io.vmqtt.router.config;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * What an operator can set for a router, as properties {@code vmqtt.router.*}; see {@code
 * docs/configuration.md}.
 *
 * @param failureDetection how long a gateway's link may be down before it is taken for dead
 * @param maxUndeliveredBytes how much may wait for one destination; 0: half of {@code
 *     undeliveredMemory}, at most 256 MiB
 * @param undeliveredMemory how much may wait for all of them; 0: a quarter of the heap
 * @param maxTasks how many batches and events may wait for the router's thread
 */
@ConfigurationProperties("vmqtt.router")
public record RouterOptions(
    @Bindable(defaultValue = "3s") Duration failureDetection,
    @Bindable(defaultValue = "0") long maxUndeliveredBytes,
    @Bindable(defaultValue = "0") long undeliveredMemory,
    @Bindable(defaultValue = "65536") int maxTasks) {

  /** As the router takes it. */
  public RouterConfig toConfig() {
    long memoryBytes = undeliveredMemory == 0 ? RouterConfig.quarterOfTheHeap() : undeliveredMemory;
    return new RouterConfig(
        failureDetection,
        maxUndeliveredBytes == 0 ? RouterConfig.halfOf(memoryBytes) : maxUndeliveredBytes,
        memoryBytes,
        maxTasks);
  }
}
