package io.vmqtt.router.process;

import io.grpc.BindableService;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.metrics.MetricCatalogue;
import io.vmqtt.cluster.node.RoleLinks;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.router.RouterNode;
import io.vmqtt.router.config.RouterCatalogue;
import io.vmqtt.router.config.RouterConfig;
import io.vmqtt.router.config.RouterOptions;
import jakarta.inject.Singleton;

/** Builds the router of this process. */
@Factory
final class RouterBeans {

  @Singleton
  MetricCatalogue metrics() {
    return new RouterCatalogue();
  }

  @Singleton
  RouterConfig config(OptionValues options) {
    return RouterOptions.config(options);
  }

  @Context
  @Bean(preDestroy = "close")
  RouterNode router(
      RouterConfig config,
      Discovery discovery,
      ClusterFacts facts,
      RoleLinks links,
      MeterRegistry registry) {
    return new RouterNode(
        config,
        discovery,
        facts,
        links.channels(),
        links.ends(Role.ROUTING_SERVICE),
        links.thread(),
        registry);
  }

  /** For whatever serves links in this process. */
  @Singleton
  BindableService routing(RouterNode router) {
    return router.services().getFirst();
  }
}
