package io.vmqtt.cluster.placement;

import io.vmqtt.cluster.discovery.Registration;
import java.io.IOException;
import java.util.function.Consumer;

/** The facts that hold for the whole cluster and outlive every process of it. */
public interface ClusterFacts extends AutoCloseable {

  /**
   * Calls {@code listener} with the shard map as soon as it is known and on each new epoch, until
   * the registration is closed; never with an epoch below one it has heard.
   *
   * <p>All listeners are called by one thread of {@code ClusterFacts}, never concurrently and never
   * from within this method. While the source of knowledge is out of reach the last known map
   * stands.
   */
  Registration watchShardMap(Consumer<ShardMap> listener);

  /**
   * Makes {@code proposed} the cluster's shard map if it has none yet. Of several that propose at
   * the same time, exactly one succeeds; a map that exists is never replaced by this call.
   *
   * @return the map in force: {@code proposed}, or the one that was there before
   * @throws IOException if the source of knowledge is out of reach; whether the proposal was taken
   *     is then unknown, and asking again is safe
   */
  ShardMap createShardMap(ShardMap proposed) throws IOException;

  /**
   * Puts {@code next} in the place of {@code inForce}, if that is still the cluster's shard map.
   *
   * @return whether it was
   * @throws IOException if the source of knowledge is out of reach; whether the map was replaced is
   *     then unknown
   */
  boolean replaceShardMap(ShardMap inForce, ShardMap next) throws IOException;

  /** Ends all watches. */
  @Override
  void close();
}
