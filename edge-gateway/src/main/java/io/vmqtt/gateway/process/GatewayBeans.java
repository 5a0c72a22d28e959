package io.vmqtt.gateway.process;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.vmqtt.cluster.access.AccessFact;
import io.vmqtt.cluster.bans.BansFact;
import io.vmqtt.cluster.bans.HeldOffFact;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.machine.FileLimit;
import io.vmqtt.cluster.machine.ReservedFiles;
import io.vmqtt.cluster.metrics.MetricCatalogue;
import io.vmqtt.cluster.node.RoleLinks;
import io.vmqtt.cluster.option.LiveOption;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.GatewayNode;
import io.vmqtt.gateway.access.bans.Guard;
import io.vmqtt.gateway.access.bans.HoldOffAuthor;
import io.vmqtt.gateway.access.bans.HoldOffs;
import io.vmqtt.gateway.access.bans.LiveBans;
import io.vmqtt.gateway.access.rules.LiveRules;
import io.vmqtt.gateway.config.GatewayCatalogue;
import io.vmqtt.gateway.config.GatewayConfig;
import io.vmqtt.gateway.config.GatewayOptions;
import io.vmqtt.gateway.config.HoldOffOptions;
import io.vmqtt.gateway.config.SpanOptions;
import io.vmqtt.gateway.spans.SpanTerms;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Builds the gateway of this process. */
@Factory
final class GatewayBeans {

  @Singleton
  MetricCatalogue metrics() {
    return new GatewayCatalogue();
  }

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

  /** Who is kept out. Until it is heard of bans, nobody is let in. */
  @Singleton
  Guard guard(OptionValues options) {
    return new Guard(
        new LiveBans(InstantSource.system()),
        new HoldOffs(HoldOffOptions.terms(options), InstantSource.system(), System::nanoTime));
  }

  /** Has bans and pardons follow what the cluster says. */
  @Context
  @Bean(preDestroy = "close")
  Registration bansOfTheCluster(ClusterFacts facts, Guard guard) {
    return facts.of(BansFact.BANS).watch(guard::follow);
  }

  /** The same for those who are held off. */
  @Context
  @Bean(preDestroy = "close")
  Registration heldOffInTheCluster(ClusterFacts facts, Guard guard) {
    return facts.of(HeldOffFact.HELD_OFF).watch(guard.holdOffs()::follow);
  }

  /** Tells the cluster whom this gateway holds off. */
  @Context
  @Bean(preDestroy = "close")
  HoldOffAuthor holdOffAuthor(ClusterFacts facts, Guard guard, MeterRegistry registry) {
    HoldOffAuthor author =
        new HoldOffAuthor(
            facts.of(HeldOffFact.HELD_OFF), guard.holdOffs()::pardons, InstantSource.system());
    guard.holdOffs().whenFound((suspect, _, holdOff) -> author.add(suspect, holdOff));
    Gauge.builder("vmqtt.gateway.held.off.unwritten", author, HoldOffAuthor::unwritten)
        .description("those held off whom the cluster does not know yet")
        .register(registry);
    author.start();
    return author;
  }

  /** Listens for clients as soon as the process starts; until there is a router it refuses them. */
  @Context
  @Bean(preDestroy = "close")
  GatewayNode gateway(
      GatewayConfig config,
      LiveRules rules,
      Guard guard,
      Discovery discovery,
      ClusterFacts facts,
      RoleLinks links,
      @Nullable ReservedFiles reserved,
      OptionValues options,
      MeterRegistry registry)
      throws IOException {
    SpanTerms spans = SpanOptions.terms(options); // first: nobody is let in if they are wrong
    GatewayNode node =
        new GatewayNode(
            config.withinFileLimit(FileLimit.current(), reserved == null ? 0 : reserved.count()),
            null,
            rules,
            guard,
            discovery,
            facts,
            links.channels(),
            links.ends(Role.EDGE_GATEWAY),
            registry);
    node.tellFigures(options.get(GatewayOptions.SYS_INTERVAL));
    if (options.get(GatewayOptions.TOP_METRICS)) {
      node.tellTopics(registry);
    }
    if (spans != null) {
      node.traceBy(spans, registry);
    }
    return node;
  }

  @Singleton
  @Named("sys-interval")
  LiveOption sysInterval(GatewayNode node) {
    return LiveOption.of(GatewayOptions.SYS_INTERVAL, node::tellFigures);
  }

  @Singleton
  @Named("hold-off-user-failures")
  LiveOption userFailures(Guard guard) {
    return LiveOption.of(HoldOffOptions.USER_FAILURES, guard.holdOffs()::userFailures);
  }

  @Singleton
  @Named("hold-off-address-failures")
  LiveOption addressFailures(Guard guard) {
    return LiveOption.of(HoldOffOptions.ADDRESS_FAILURES, guard.holdOffs()::addressFailures);
  }

  @Singleton
  @Named("hold-off-client-connects")
  LiveOption clientConnects(Guard guard) {
    return LiveOption.of(HoldOffOptions.CLIENT_CONNECTS, guard.holdOffs()::clientConnects);
  }
}
