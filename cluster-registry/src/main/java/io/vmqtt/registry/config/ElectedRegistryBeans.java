package io.vmqtt.registry.config;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.vmqtt.cluster.consul.Consul;
import io.vmqtt.cluster.http.NodeClients;
import io.vmqtt.cluster.identity.ProcessIdentity;
import io.vmqtt.cluster.node.NodeId;
import io.vmqtt.cluster.placement.CarriedMap;
import io.vmqtt.cluster.status.KnownOperationKey;
import io.vmqtt.cluster.status.NodeReport;
import io.vmqtt.registry.admin.HttpNodes;
import io.vmqtt.registry.membership.Candidate;
import io.vmqtt.registry.membership.Election;
import io.vmqtt.registry.placement.CarriedMaps;
import io.vmqtt.registry.status.NodeQuestions;
import io.vmqtt.registry.status.NodeReports;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** A registry of a cluster: Consul says which one leads, and the others are asked over HTTP. */
@Factory
@Requires(beans = Consul.class)
final class ElectedRegistryBeans {
  /** A node that has not answered an operator by then is told of as silent. */
  private static final Duration OPERATION_TIMEOUT = Duration.ofSeconds(10);

  @Context
  @Bean(preDestroy = "close")
  Election election(Consul consul, Collection<Candidate> authors) {
    Election election =
        new Election(consul, NodeId.random(new SecureRandom()), Candidate.all(authors));
    election.start();
    return election;
  }

  @Singleton
  @Bean(preDestroy = "close")
  NodeQuestions questions(RegistryConfiguration configuration, @Nullable ProcessIdentity identity)
      throws IOException {
    return new NodeQuestions(
        new NodeClients(configuration.statusTimeout(), identity, configuration.nodeAuthority()),
        configuration.statusParallelism());
  }

  @Singleton
  CarriedMaps carriedMaps(NodeQuestions questions) {
    return stores -> questions.ask(stores, CarriedMap.PATH, CarriedMap.class, CarriedMap::store);
  }

  @Singleton
  NodeReports nodeReports(NodeQuestions questions) {
    return nodes -> questions.ask(nodes, "/node/status", NodeReport.class, NodeReport::id);
  }

  @Singleton
  @Bean(preDestroy = "close")
  HttpNodes nodes(
      RegistryConfiguration configuration,
      @Nullable ProcessIdentity identity,
      KnownOperationKey key)
      throws IOException {
    return new HttpNodes(
        new NodeClients(OPERATION_TIMEOUT, identity, configuration.nodeAuthority()),
        key::get,
        configuration.statusParallelism());
  }
}
