package io.vmqtt.registry.config;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.vmqtt.cluster.consul.Consul;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.node.NodeId;
import io.vmqtt.cluster.placement.CarriedMap;
import io.vmqtt.cluster.placement.ShardMapCarrier;
import io.vmqtt.cluster.status.LocalNodes;
import io.vmqtt.registry.admin.LocalNodesAsked;
import io.vmqtt.registry.admin.Nodes;
import io.vmqtt.registry.membership.Candidate;
import io.vmqtt.registry.membership.Unopposed;
import io.vmqtt.registry.placement.CarriedMaps;
import io.vmqtt.registry.status.NodeReports;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The registry of a cluster in one process: nobody else may lead, and the others are here. */
@Factory
@Requires(missingBeans = Consul.class)
final class LoneRegistryBeans {
  @Singleton
  Unopposed candidacy() {
    return new Unopposed(NodeId.random(new SecureRandom()));
  }

  /** Has it lead when there is something to do. */
  @Context
  @Bean(preDestroy = "close")
  Registration whenThereIsAStore(
      Discovery discovery, Unopposed candidacy, Collection<Candidate> authors) {
    return discovery.watch(
        Role.SESSION_STORE,
        stores -> {
          if (!stores.isEmpty()) {
            candidacy.lead(Candidate.all(authors));
          }
        });
  }

  @Singleton
  CarriedMaps carriedMaps(Collection<ShardMapCarrier> carriers) {
    return stores -> {
      Map<Node, CarriedMap> carried = new HashMap<>();
      for (ShardMapCarrier carrier : carriers) {
        CarriedMap map = carrier.carriedMap();
        stores.stream()
            .filter(store -> store.id().equals(map.store()))
            .forEach(store -> carried.put(store, map));
      }
      return carried;
    };
  }

  @Singleton
  NodeReports nodeReports(LocalNodes nodes) {
    return nodes::reports;
  }

  @Singleton
  Nodes nodes(LocalNodes here) {
    return new LocalNodesAsked(here::answers);
  }
}
