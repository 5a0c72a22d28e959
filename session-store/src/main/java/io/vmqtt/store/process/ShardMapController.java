package io.vmqtt.store.process;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.vmqtt.cluster.placement.CarriedMap;
import io.vmqtt.store.StoreNode;

/** {@code GET /node/shard-map}: the shard map on this store's disk, for the registry. */
@Controller(CarriedMap.PATH)
@Requires(beans = StoreNode.class)
final class ShardMapController {
  private final StoreNode store;

  ShardMapController(StoreNode store) {
    this.store = store;
  }

  @Get
  CarriedMap shardMap() {
    return new CarriedMap(store.nodeId(), store.carriedMap());
  }
}
