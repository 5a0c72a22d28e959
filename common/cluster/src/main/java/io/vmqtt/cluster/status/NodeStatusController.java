package io.vmqtt.cluster.status;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.vmqtt.cluster.node.LocalNode;

/** {@code GET /node/status}: what this process is and its live figures. */
@Controller("/node")
@Requires(beans = LocalNode.class)
final class NodeStatusController {
  private final LocalNodes nodes;
  private final LocalNode local;

  NodeStatusController(LocalNodes nodes, LocalNode local) {
    this.nodes = nodes;
    this.local = local;
  }

  @Get("/status")
  NodeReport status() {
    return nodes.report(local);
  }
}
