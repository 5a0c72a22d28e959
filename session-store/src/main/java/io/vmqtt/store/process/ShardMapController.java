package io.vmqtt.store.process;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.vmqtt.cluster.placement.CarriedMap;
import io.vmqtt.cluster.placement.ShardMapCarrier;

/** {@code GET /node/shard-map}: the shard map on this store's disk, for the registry. */
@Controller(CarriedMap.PATH)
@Requires(beans = ShardMapCarrier.class)
final class ShardMapController {
  private final ShardMapCarrier store;

  ShardMapController(ShardMapCarrier store) {
    this.store = store;
  }

  @Get
  CarriedMap shardMap() {
    return store.carriedMap();
  }
}
