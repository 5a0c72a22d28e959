package io.vmqtt.standalone;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.vmqtt.cluster.access.AccessFact;
import io.vmqtt.cluster.bans.BansFact;
import io.vmqtt.cluster.discovery.EmbeddedDiscovery;
import io.vmqtt.cluster.facts.FactFolder;
import io.vmqtt.cluster.facts.KeptClusterFacts;
import io.vmqtt.cluster.machine.FileLimit;
import io.vmqtt.cluster.machine.ReservedFiles;
import io.vmqtt.cluster.namespaces.NamespacesFact;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.ListenerConfig;
import io.vmqtt.registry.config.RegistryConfiguration;
import io.vmqtt.registry.operators.FirstOperatorFile;
import io.vmqtt.store.config.StoreOptions;
import io.vmqtt.store.storage.StorageFiles;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the roles of a cluster have from Consul and the network, for one process. */
@Factory
final class StandaloneBeans {
  /** What operators say over the API, and what they said before. */
  private static final Set<String> KEPT =
      Stream.of(AccessFact.ACCESS, BansFact.BANS, NamespacesFact.NAMESPACES)
          .flatMap(kind -> Stream.of(kind.key(), kind.key() + "-history"))
          .collect(Collectors.toUnmodifiableSet());

  @Singleton
  @Bean(preDestroy = "close")
  EmbeddedDiscovery discovery() {
    return new EmbeddedDiscovery();
  }

  @Singleton
  @Bean(preDestroy = "close")
  KeptClusterFacts clusterFacts(OptionValues options) {
    return new KeptClusterFacts(
        new FactFolder(options.get(StoreOptions.DATA).resolve("settings"), KEPT));
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

  /** Its operators are kept beside its data, where no file names any. */
  @Singleton
  FirstOperatorFile operators(OptionValues options) {
    return new FirstOperatorFile(options.get(StoreOptions.DATA).resolve("operators"));
  }
}
