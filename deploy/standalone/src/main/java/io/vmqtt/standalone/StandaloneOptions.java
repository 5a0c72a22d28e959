package io.vmqtt.standalone;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.vmqtt.cluster.process.Bounds;
import org.jspecify.annotations.Nullable;

/**
 * What an operator can set where all roles are in one process, beside what can be set for each.
 *
 * @param shards of a new data folder; without it, {@value #SHARDS}
 */
@ConfigurationProperties("vmqtt.registry")
record StandaloneOptions(@Nullable Integer shards) {
  static final int SHARDS = 4;

  StandaloneOptions {
    if (shards != null) {
      Bounds.within("vmqtt.registry.shards", shards, 1, 1024);
    }
  }

  int shardsOfNewFolder() {
    return shards == null ? SHARDS : shards;
  }
}
