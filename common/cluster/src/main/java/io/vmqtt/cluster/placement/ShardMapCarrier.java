package io.vmqtt.cluster.placement;

/** A store of this process, to whoever asks in the process instead of over HTTP. */
public interface ShardMapCarrier {

  /** The shard map on its disk. */
  CarriedMap carriedMap();
}
