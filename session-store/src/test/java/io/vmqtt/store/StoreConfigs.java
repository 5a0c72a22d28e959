package io.vmqtt.store;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.store.config.StoreConfig;
import io.vmqtt.store.config.StoreOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What is set for the stores of tests. */
final class StoreConfigs {
  private StoreConfigs() {}

  /** That alone, for that folder; and any port for Raft where it says none. */
  static StoreConfig of(Path data, Map<? extends Option<?>, String> set) {
    Map<Option<?>, String> all = new HashMap<>();
    all.put(StoreOptions.DATA, data.toString());
    all.put(StoreOptions.RAFT_PORT, "0");
    all.putAll(set);
    return StoreOptions.config(OptionValues.of(all), "127.0.0.1");
  }
}
