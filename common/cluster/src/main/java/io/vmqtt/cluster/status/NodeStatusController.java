package io.vmqtt.cluster.status;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.vmqtt.cluster.node.LocalNode;
import io.vmqtt.cluster.node.ThisProcess;
import io.vmqtt.cluster.node.Version;
import java.util.Map;

/** {@code GET /node/status}: what this process is and its live figures. */
@Controller("/node")
@Requires(beans = LocalNode.class)
final class NodeStatusController {
  private final ThisProcess process;
  private final LocalNode local;
  private final @Nullable NodeStatus status;

  NodeStatusController(ThisProcess process, LocalNode local, @Nullable NodeStatus status) {
    this.process = process;
    this.local = local;
    this.status = status;
  }

  @Get("/status")
  NodeReport status() {
    return new NodeReport(
        local.id(),
        local.role().serviceName(),
        Version.current(),
        process.startedAt().toString(),
        status == null ? Map.of() : status.figures());
  }
}
