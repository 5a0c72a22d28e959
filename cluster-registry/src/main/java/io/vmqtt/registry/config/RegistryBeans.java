package io.vmqtt.registry.config;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.vmqtt.cluster.consul.Consul;
import io.vmqtt.cluster.discovery.ConsulDiscovery;
import io.vmqtt.cluster.facts.ConsulClusterFacts;
import io.vmqtt.cluster.node.NodeId;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.cluster.placement.CarriedMap;
import io.vmqtt.cluster.placement.ShardMapFact;
import io.vmqtt.registry.membership.Election;
import io.vmqtt.registry.placement.FactsAuthor;
import io.vmqtt.registry.status.ClusterStatusReader;
import io.vmqtt.registry.status.NodeQuestions;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;

/** Puts a registry together. */
@Factory
final class RegistryBeans {
  @Singleton
  RegistryConfiguration configuration(OptionValues options) {
    return RegistryOptions.config(options);
  }

  @Context
  @Bean(preDestroy = "close")
  FactsAuthor factsAuthor(
      ConsulDiscovery discovery,
      ConsulClusterFacts facts,
      RegistryConfiguration configuration,
      NodeQuestions questions) {
    FactsAuthor author =
        new FactsAuthor(
            discovery,
            facts.of(ShardMapFact.SHARD_MAP),
            configuration.plan(),
            configuration.newCluster(),
            () -> UUID.randomUUID().toString(),
            stores -> questions.ask(stores, CarriedMap.PATH, CarriedMap.class, CarriedMap::store));
    author.start();
    return author;
  }

  @Context
  @Bean(preDestroy = "close")
  Election election(Consul consul, FactsAuthor author) {
    Election election = new Election(consul, NodeId.random(new SecureRandom()), author);
    election.start();
    return election;
  }

  @Singleton
  RegistryNode node(Election election) {
    return new RegistryNode(election);
  }

  @Singleton
  @Bean(preDestroy = "close")
  NodeQuestions questions(RegistryConfiguration configuration) {
    return new NodeQuestions(configuration.statusTimeout(), configuration.statusParallelism());
  }

  @Singleton
  @Bean(preDestroy = "close")
  ClusterStatusReader statusReader(
      Consul consul,
      ConsulDiscovery discovery,
      ConsulClusterFacts facts,
      Election election,
      NodeQuestions questions) {
    return new ClusterStatusReader(
        election.self(),
        consul.address().toString(),
        discovery,
        facts.of(ShardMapFact.SHARD_MAP),
        election::leader,
        questions,
        InstantSource.system());
  }
}
