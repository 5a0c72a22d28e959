package io.vmqtt.cluster.placement;

import io.vmqtt.cluster.facts.FactKind;
import java.io.IOException;

/** The shard map as a fact of the cluster. */
public enum ShardMapFact implements FactKind<ShardMap> {
  SHARD_MAP;

  @Override
  public String key() {
    return "shard-map";
  }

  @Override
  public String write(ShardMap map) {
    return ShardMapJson.write(map);
  }

  @Override
  public ShardMap read(String text) throws IOException {
    return ShardMapJson.read(text);
  }

  @Override
  public boolean isLater(ShardMap map, ShardMap known) {
    return map.isLaterThan(known);
  }

  @Override
  public String versionOf(ShardMap map) {
    return "cluster " + map.cluster() + ", epoch " + map.epoch();
  }
}
