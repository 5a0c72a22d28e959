package io.vmqtt.registry.status;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Hidden;

/** {@code GET /cluster/status}: the whole cluster, as JSON. */
@Hidden
@Controller("/cluster")
@Requires(beans = ClusterStatusReader.class)
final class ClusterStatusController {
  private final ClusterStatusReader reader;

  ClusterStatusController(ClusterStatusReader reader) {
    this.reader = reader;
  }

  @Get("/status")
  @ExecuteOn(TaskExecutors.BLOCKING)
  ClusterStatus status() throws InterruptedException {
    return reader.read();
  }
}
