package io.vmqtt.gateway.process;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.machine.FileLimit;
import io.vmqtt.cluster.node.NetworkLinks;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.GatewayOptions;
import jakarta.inject.Singleton;
import java.io.IOException;

/** Builds the gateway of this process. */
@Factory
final class GatewayBeans {

  @Singleton
  GatewayConfig config(OptionValues options) {
    return GatewayOptions.config(options);
  }

  /** Listens for clients as soon as the process starts; until there is a router it refuses them. */
  @Context
  @Bean(preDestroy = "close")
  GatewayNode gateway(
      GatewayConfig config,
      Discovery discovery,
      ClusterFacts facts,
      NetworkLinks links,
      MeterRegistry registry)
      throws IOException {
    return new GatewayNode(
        config.withinFileLimit(FileLimit.current(), 0),
        discovery,
        facts,
        links.transport(),
        links.ends(),
        registry);
  }
}
