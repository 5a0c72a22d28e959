package io.vmqtt.cluster.placement;

import com.ecwid.consul.v1.ConsistencyMode;
import com.ecwid.consul.v1.QueryParams;
import com.ecwid.consul.v1.kv.model.GetValue;
import com.ecwid.consul.v1.kv.model.PutParams;
import io.vmqtt.cluster.consul.Consul;
import io.vmqtt.cluster.consul.Watch;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Watched;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's facts in Consul's key-value store. Safe from any thread.
 *
 * <p>A map once known is never unlearned here, even if Consul lost it: the stores' data lies where
 * that map says.
 */
public final class ConsulClusterFacts implements ClusterFacts {
  /** Holds the shard map as JSON. */
  public static final String SHARD_MAP_KEY = "vmqtt/cluster/shard-map";

  private static final Logger log = LoggerFactory.getLogger(ConsulClusterFacts.class);

  private final Consul consul;
  private final ExecutorService notifier =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("cluster-facts").factory());
  private final Watched<ShardMap> shardMap = new Watched<>(notifier);
  private @Nullable Watch watch;

  /** Consul's index of the last value that was ignored: each is complained of once. */
  private long ignoredIndex;

  /**
   * Asks nothing until somebody watches or creates.
   *
   * @param consul stays open when this is closed
   */
  public ConsulClusterFacts(Consul consul) {
    this.consul = consul;
  }

  @Override
  public synchronized Registration watchShardMap(Consumer<ShardMap> listener) {
    if (watch == null) {
      watch =
          consul.watch(
              "watch-shard-map",
              (client, params) -> client.getKVValue(SHARD_MAP_KEY, params),
              this::learn);
    }
    return shardMap.watch(listener);
  }

  private synchronized void learn(@Nullable GetValue value) {
    if (value == null || value.getModifyIndex() == ignoredIndex) {
      return;
    }
    try {
      ShardMap read = ShardMapJson.read(value.getDecodedValue());
      ShardMap known = shardMap.newest();
      if (known == null || read.isLaterThan(known)) {
        shardMap.set(read);
      } else if (!read.equals(known)) {
        ignoredIndex = value.getModifyIndex();
        log.error(
            "Consul's {} is of cluster {}, epoch {}, but differs from the known map of cluster {},"
                + " epoch {}: ignored",
            SHARD_MAP_KEY,
            read.cluster(),
            read.epoch(),
            known.cluster(),
            known.epoch());
      }
    } catch (IOException e) {
      ignoredIndex = value.getModifyIndex();
      log.error("Consul's {} is not a shard map: ignored", SHARD_MAP_KEY, e);
    }
  }

  @Override
  public ShardMap createShardMap(ShardMap proposed) throws IOException {
    PutParams onlyIfAbsent = new PutParams();
    onlyIfAbsent.setCas(0L);
    boolean created =
        consul
            .ask(
                client ->
                    client.setKVValue(SHARD_MAP_KEY, ShardMapJson.write(proposed), onlyIfAbsent))
            .getValue();
    if (created) {
      return proposed;
    }
    GetValue inForce = read();
    if (inForce == null) {
      throw new IOException("Consul's " + SHARD_MAP_KEY + " vanished while it was read");
    }
    return ShardMapJson.read(inForce.getDecodedValue());
  }

  @Override
  public boolean replaceShardMap(ShardMap inForce, ShardMap next) throws IOException {
    GetValue current = read();
    if (current == null || !ShardMapJson.read(current.getDecodedValue()).equals(inForce)) {
      return false;
    }
    PutParams onlyIfUnchanged = new PutParams();
    onlyIfUnchanged.setCas(current.getModifyIndex());
    return consul
        .ask(client -> client.setKVValue(SHARD_MAP_KEY, ShardMapJson.write(next), onlyIfUnchanged))
        .getValue();
  }

  private @Nullable GetValue read() throws IOException {
    return consul
        .ask(
            client -> client.getKVValue(SHARD_MAP_KEY, new QueryParams(ConsistencyMode.CONSISTENT)))
        .getValue();
  }

  @Override
  public synchronized void close() {
    if (watch != null) {
      watch.close();
    }
    notifier.shutdownNow();
  }
}
