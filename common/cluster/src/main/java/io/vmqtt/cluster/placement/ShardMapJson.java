package io.vmqtt.cluster.placement;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A shard map as it stands in Consul and on the disks of stores, for people to read too: {@code
 * {"format":1,"cluster":"5f0c…","epoch":1,"replicationFactor":1,"replicas":[["store-a"],["store-b"]],"names":{}}}.
 * The first versions wrote no format. Fields that a later version adds to the same format are
 * ignored; a later format is refused.
 */
public final class ShardMapJson {
  private static final int FORMAT = 1;
  private static final String FORMAT_FIELD = "format";
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** What is written, in this order. */
  private record Written(
      int format,
      String cluster,
      long epoch,
      int replicationFactor,
      List<List<String>> replicas,
      Map<String, String> names,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<Integer, ShardMove> moves) {}

  private ShardMapJson() {}

  public static String write(ShardMap map) {
    try {
      return JSON.writeValueAsString(
          new Written(
              FORMAT,
              map.cluster(),
              map.epoch(),
              map.replicationFactor(),
              map.replicas(),
              map.names(),
              map.moves()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + map, e);
    }
  }

  /**
   * The map that a text stands for.
   *
   * @throws IOException if the text is not a shard map, or of a format that this version does not
   *     know
   */
  public static ShardMap read(String json) throws IOException {
    JsonNode tree = JSON.readTree(json);
    if (!(tree instanceof ObjectNode map)) {
      throw new IOException("no shard map, but " + json);
    }
    int format = map.path(FORMAT_FIELD).asInt(FORMAT);
    if (format != FORMAT) {
      throw new IOException(
          "a shard map of format " + format + "; this version reads format " + FORMAT);
    }
    return JSON.treeToValue(map, ShardMap.class);
  }
}
