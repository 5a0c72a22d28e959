package io.vmqtt.registry.placement;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.placement.CarriedMap;
import java.util.Collection;
import java.util.Map;

/** Asks stores for the shard map that each has on its disk. */
@FunctionalInterface
public interface CarriedMaps {

  /**
   * What those answer that do so in time.
   *
   * @throws InterruptedException if the calling thread is asked to stop
   */
  Map<Node, CarriedMap> of(Collection<Node> stores) throws InterruptedException;
}
