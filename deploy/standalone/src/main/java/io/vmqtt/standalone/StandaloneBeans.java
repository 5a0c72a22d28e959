package io.vmqtt.standalone;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.vmqtt.cluster.machine.FileLimit;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.GatewayOptions;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.registry.config.RegistryOptions;
import io.vmqtt.router.config.RouterOptions;
import io.vmqtt.store.config.StoreConfig;
import io.vmqtt.store.config.StoreOptions;
import io.vmqtt.store.storage.DataFolderException;
import io.vmqtt.store.storage.StorageFiles;
import java.io.IOException;

/** Builds the broker of this process. */
@Factory
final class StandaloneBeans {
  /** Where a store is for itself. */
  private static final String HERE = "127.0.0.1";

  @Context
  @Bean(preDestroy = "close")
  StandaloneNode node(OptionValues options, MeterRegistry registry)
      throws IOException, DataFolderException, StartException {
    GatewayConfig gatewayConfig = GatewayOptions.config(options);
    // It listens last. Whether it can is asked first, so that a failed start changes nothing.
    for (ListenerConfig listener : gatewayConfig.listeners()) {
      RoleProcess.requireFree("MQTT", listener.host(), listener.port());
    }
    StoreConfig storeConfig = StoreOptions.config(options, HERE);
    int shardCount =
        ShardCountFile.read(storeConfig.disk().data())
            .orElseGet(() -> options.get(RegistryOptions.SHARDS));
    return new StandaloneNode(
        gatewayConfig.withinFileLimit(
            FileLimit.current(), Math.multiplyExact(shardCount, StorageFiles.perShard())),
        RouterOptions.config(options),
        storeConfig,
        shardCount,
        registry);
  }
}
