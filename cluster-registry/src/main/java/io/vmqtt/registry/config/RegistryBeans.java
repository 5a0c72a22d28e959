package io.vmqtt.registry.config;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.vmqtt.cluster.access.AccessFact;
import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.cluster.bans.BansFact;
import io.vmqtt.cluster.consul.Consul;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.discovery.Membership;
import io.vmqtt.cluster.facts.Authored;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.facts.FactKind;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.cluster.namespaces.NamespacesFact;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.cluster.placement.ShardMapFact;
import io.vmqtt.registry.files.FactFile;
import io.vmqtt.registry.files.FileAuthor;
import io.vmqtt.registry.membership.Candidacy;
import io.vmqtt.registry.placement.CarriedMaps;
import io.vmqtt.registry.placement.FactsAuthor;
import io.vmqtt.registry.status.ClusterStatusReader;
import io.vmqtt.registry.status.NodeReports;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Puts a registry together: what is the same with others elsewhere and alone in a process. */
@Factory
final class RegistryBeans {
  @Singleton
  RegistryConfiguration configuration(OptionValues options) {
    return RegistryOptions.config(options);
  }

  @Context
  @Bean(preDestroy = "close")
  FactsAuthor factsAuthor(
      Discovery discovery,
      ClusterFacts facts,
      RegistryConfiguration configuration,
      CarriedMaps carriedMaps) {
    FactsAuthor author =
        new FactsAuthor(
            discovery,
            facts.of(ShardMapFact.SHARD_MAP),
            configuration.plan(),
            configuration.newCluster(),
            () -> UUID.randomUUID().toString(),
            carriedMaps);
    author.start();
    return author;
  }

  @Context
  @Bean(preDestroy = "close")
  FileAuthor<Namespaces> namespacesAuthor(ClusterFacts facts, RegistryConfiguration configuration) {
    return started(
        facts, NamespacesFact.NAMESPACES, configuration.namespaces(), Namespaces.NONE, false);
  }

  /** Says aloud that there are no rules: no gateway lets anybody in before it has heard of them. */
  @Context
  @Bean(preDestroy = "close")
  FileAuthor<AccessSettings> accessAuthor(ClusterFacts facts, RegistryConfiguration configuration) {
    return started(facts, AccessFact.ACCESS, configuration.access(), AccessSettings.NONE, true);
  }

  /** Says aloud that nobody is banned, for the same reason. */
  @Context
  @Bean(preDestroy = "close")
  FileAuthor<Bans> bansAuthor(ClusterFacts facts, RegistryConfiguration configuration) {
    return started(facts, BansFact.BANS, configuration.bans(), Bans.NONE, true);
  }

  private static <T extends Authored<T>> FileAuthor<T> started(
      ClusterFacts facts, FactKind<T> kind, @Nullable FactFile<T> file, T none, boolean aloud) {
    FileAuthor<T> author =
        new FileAuthor<>(kind, facts.of(kind), file, none, aloud, InstantSource.system());
    author.start();
    return author;
  }

  @Singleton
  RegistryNode node(Candidacy candidacy) {
    return new RegistryNode(candidacy);
  }

  /** Hears of the facts from the start on: the first who asks is to get them, too. */
  @Context
  @Bean(preDestroy = "close")
  ClusterStatusReader statusReader(
      @Nullable Consul consul,
      Membership membership,
      ClusterFacts facts,
      Candidacy candidacy,
      NodeReports reports) {
    return new ClusterStatusReader(
        candidacy.self(),
        consul == null ? null : consul.address().toString(),
        membership,
        facts,
        candidacy::leader,
        reports,
        InstantSource.system());
  }
}
