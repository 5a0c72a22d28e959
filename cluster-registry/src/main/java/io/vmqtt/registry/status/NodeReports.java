package io.vmqtt.registry.status;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.status.NodeReport;
import java.util.Collection;
import java.util.Map;

/** Asks nodes how they are doing. */
@FunctionalInterface
public interface NodeReports {

  /**
   * What those answer that do so in time.
   *
   * @throws InterruptedException if the calling thread is asked to stop
   */
  Map<Node, NodeReport> of(Collection<Node> nodes) throws InterruptedException;
}
