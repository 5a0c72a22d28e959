package io.vmqtt.standalone;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.vmqtt.cluster.discovery.EmbeddedDiscovery;
import io.vmqtt.cluster.facts.EmbeddedClusterFacts;
import io.vmqtt.cluster.machine.FileLimit;
import io.vmqtt.cluster.machine.ReservedFiles;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.registry.config.RegistryConfiguration;
import io.vmqtt.store.storage.StorageFiles;
import jakarta.inject.Singleton;
import java.io.IOException;

/** What the roles of a cluster have from Consul and the network, for one process. */
@Factory
final class StandaloneBeans {
  @Singleton
  @Bean(preDestroy = "close")
  EmbeddedDiscovery discovery() {
    return new EmbeddedDiscovery();
  }

  @Singleton
  @Bean(preDestroy = "close")
  EmbeddedClusterFacts clusterFacts() {
    return new EmbeddedClusterFacts();
  }

  /**
   * What the shards need. The gateway listens last; whether it can, for as many clients as one, is
   * asked here, so that a start that fails changes nothing.
   */
  @Singleton
  ReservedFiles reservedFiles(GatewayConfig gateway, RegistryConfiguration registry)
      throws IOException, StartException {
    for (ListenerConfig listener : gateway.listeners()) {
      RoleProcess.requireFree("MQTT", listener.host(), listener.port());
    }
    int files = Math.multiplyExact(registry.shards(), StorageFiles.perShard());
    var _ = gateway.withinFileLimit(FileLimit.current(), files);
    return new ReservedFiles(files);
  }
}
