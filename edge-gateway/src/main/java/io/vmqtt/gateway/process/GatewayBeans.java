package io.vmqtt.gateway.process;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.vmqtt.cluster.access.AccessFact;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.machine.FileLimit;
import io.vmqtt.cluster.machine.ReservedFiles;
import io.vmqtt.cluster.node.RoleLinks;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.access.rules.LiveRules;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.GatewayOptions;
import jakarta.inject.Singleton;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Builds the gateway of this process. */
@Factory
final class GatewayBeans {

  @Singleton
  GatewayConfig config(OptionValues options) {
    return GatewayOptions.config(options);
  }

  /** The rules of the cluster. Until they are heard of, nobody is let in. */
  @Singleton
  LiveRules rules() {
    return new LiveRules();
  }

  /** Has the rules follow what the cluster says. */
  @Context
  @Bean(preDestroy = "close")
  Registration rulesOfTheCluster(ClusterFacts facts, LiveRules rules) {
    return facts.of(AccessFact.ACCESS).watch(rules::follow);
  }

  /** Listens for clients as soon as the process starts; until there is a router it refuses them. */
  @Context
  @Bean(preDestroy = "close")
  GatewayNode gateway(
      GatewayConfig config,
      LiveRules rules,
      Discovery discovery,
      ClusterFacts facts,
      RoleLinks links,
      @Nullable ReservedFiles reserved,
      MeterRegistry registry)
      throws IOException {
    return new GatewayNode(
        config.withinFileLimit(FileLimit.current(), reserved == null ? 0 : reserved.count()),
        null,
        rules,
        discovery,
        facts,
        links.channels(),
        links.ends(Role.EDGE_GATEWAY),
        registry);
  }
}
