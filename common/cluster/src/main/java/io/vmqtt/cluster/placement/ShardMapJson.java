package io.vmqtt.cluster.placement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * A shard map as it stands in Consul and on the disks of stores, for people to read too: {@code
 * {"cluster":"5f0c…","epoch":1,"replicationFactor":1,"replicas":[["store-a"],["store-b"]],"names":{}}}.
 * Fields that a later version adds are ignored.
 */
public final class ShardMapJson {
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private ShardMapJson() {}

  public static String write(ShardMap map) {
    try {
      return JSON.writeValueAsString(map);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + map, e);
    }
  }

  /**
   * The map that a text stands for.
   *
   * @throws IOException if the text is not a shard map
   */
  public static ShardMap read(String json) throws IOException {
    ShardMap map = JSON.readValue(json, ShardMap.class);
    if (map == null) {
      throw new IOException("no shard map, but " + json);
    }
    return map;
  }
}
