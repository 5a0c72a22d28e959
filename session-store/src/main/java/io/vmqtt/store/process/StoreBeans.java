package io.vmqtt.store.process;

import io.grpc.BindableService;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.identity.ProcessIdentity;
import io.vmqtt.cluster.metrics.MetricCatalogue;
import io.vmqtt.cluster.node.RoleLinks;
import io.vmqtt.cluster.node.ThisProcess;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.cluster.process.RoleProcess;
import io.vmqtt.cluster.process.StartException;
import io.vmqtt.store.Replication;
import io.vmqtt.store.StoreNode;
import io.vmqtt.store.config.StoreCatalogue;
import io.vmqtt.store.config.StoreConfig;
import io.vmqtt.store.config.StoreOptions;
import io.vmqtt.store.storage.DataFolderException;
import jakarta.inject.Singleton;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Builds the store of this process. */
@Factory
final class StoreBeans {
  /** The role of a process that is a whole cluster, and stays one. */
  private static final String STANDALONE = "standalone";

  @Singleton
  MetricCatalogue metrics() {
    return new StoreCatalogue();
  }

  @Singleton
  StoreConfig config(OptionValues options, ThisProcess process) {
    return StoreOptions.config(options, process.host());
  }

  /** Serves Raft from here on; its shards open when the shard map names them. */
  @Context
  @Bean(preDestroy = "close")
  StoreNode store(
      StoreConfig config,
      Discovery discovery,
      ClusterFacts facts,
      RoleLinks links,
      @Nullable ProcessIdentity identity,
      MeterRegistry registry,
      @Property(name = RoleProcess.ROLE) String role)
      throws DataFolderException, IOException, StartException {
    // Raft would end the process, with a trace.
    RoleProcess.requireFree("Raft", config.raft().host(), config.raft().port());
    StoreNode store =
        new StoreNode(
            config,
            discovery,
            facts,
            registry,
            links.options(),
            identity,
            role.equals(STANDALONE) ? Replication.NONE : Replication.POSSIBLE);
    try {
      store.start();
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
    return store;
  }

  /** For whatever serves links in this process. */
  @Singleton
  BindableService sessions(StoreNode store) {
    return store.services().getFirst();
  }
}
