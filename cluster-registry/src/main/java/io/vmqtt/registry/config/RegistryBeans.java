package io.vmqtt.registry.config;

import io.micrometer.core.instrument.MeterRegistry;
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
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.facts.FactKind;
import io.vmqtt.cluster.facts.FromFile;
import io.vmqtt.cluster.metrics.MetricCatalogue;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.cluster.namespaces.NamespacesFact;
import io.vmqtt.cluster.operators.Operators;
import io.vmqtt.cluster.operators.OperatorsFact;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.cluster.placement.ShardMapFact;
import io.vmqtt.registry.admin.DirectedPublisher;
import io.vmqtt.registry.admin.Gatekeeper;
import io.vmqtt.registry.admin.KnownNodes;
import io.vmqtt.registry.admin.Nodes;
import io.vmqtt.registry.admin.OperatorAudit;
import io.vmqtt.registry.admin.Publisher;
import io.vmqtt.registry.admin.SessionStores;
import io.vmqtt.registry.alarms.AlarmAudience;
import io.vmqtt.registry.alarms.AlarmWatch;
import io.vmqtt.registry.alarms.Webhook;
import io.vmqtt.registry.alarms.WebhookTerms;
import io.vmqtt.registry.files.FactFile;
import io.vmqtt.registry.files.FileAuthor;
import io.vmqtt.registry.membership.Candidacy;
import io.vmqtt.registry.operators.FirstOperator;
import io.vmqtt.registry.operators.FirstOperatorFile;
import io.vmqtt.registry.placement.CarriedMaps;
import io.vmqtt.registry.placement.FactsAuthor;
import io.vmqtt.registry.placement.PreferredLeaders;
import io.vmqtt.registry.settings.History;
import io.vmqtt.registry.status.ClusterStatusReader;
import io.vmqtt.registry.status.NodeReports;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Puts a registry together: what is the same with others elsewhere and alone in a process. */
@Factory
final class RegistryBeans {
  private static final Duration WEBHOOK_PAUSE = Duration.ofSeconds(1);

  @Singleton
  MetricCatalogue metrics() {
    return new RegistryCatalogue();
  }

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

  /** Hears of the map before somebody asks. */
  @Context
  @Bean(preDestroy = "close")
  PreferredLeaders preferredLeaders(ClusterFacts facts) {
    return new PreferredLeaders(facts.of(ShardMapFact.SHARD_MAP));
  }

  @Context
  @Bean(preDestroy = "close")
  FileAuthor<Namespaces> namespacesAuthor(
      ClusterFacts facts, RegistryConfiguration configuration, History<Namespaces> history) {
    return started(
        facts,
        NamespacesFact.NAMESPACES,
        configuration.namespaces(),
        Namespaces.NONE,
        false,
        history::add);
  }

  /** Says aloud that there are no rules: no gateway lets anybody in before it has heard of them. */
  @Context
  @Bean(preDestroy = "close")
  FileAuthor<AccessSettings> accessAuthor(
      ClusterFacts facts, RegistryConfiguration configuration, History<AccessSettings> history) {
    return started(
        facts, AccessFact.ACCESS, configuration.access(), AccessSettings.NONE, true, history::add);
  }

  /** Says aloud that nobody is banned, for the same reason. */
  @Context
  @Bean(preDestroy = "close")
  FileAuthor<Bans> bansAuthor(
      ClusterFacts facts, RegistryConfiguration configuration, History<Bans> history) {
    return started(facts, BansFact.BANS, configuration.bans(), Bans.NONE, true, history::add);
  }

  /** Says nothing where nobody has: the first operator is another's to make. */
  @Context
  @Bean(preDestroy = "close")
  FileAuthor<Operators> operatorsAuthor(
      ClusterFacts facts, RegistryConfiguration configuration, @Nullable FirstOperatorFile first) {
    return started(
        facts,
        OperatorsFact.OPERATORS,
        configuration.operators() == null ? first : configuration.operators(),
        Operators.NONE,
        false,
        before -> {});
  }

  /** Makes what the cluster needs before operators can be known. */
  @Context
  @Bean(preDestroy = "close")
  FirstOperator firstOperator(
      ClusterFacts facts, RegistryConfiguration configuration, @Nullable FirstOperatorFile first) {
    return new FirstOperator(facts, configuration.operators() == null && first == null);
  }

  @Context
  @Bean(preDestroy = "close")
  OperatorAudit operatorAudit(Candidacy candidacy, OptionValues options, MeterRegistry meters) {
    return new OperatorAudit(
        candidacy.self(),
        options.find(RegistryOptions.OPERATOR_AUDIT).orElse(null),
        InstantSource.system(),
        meters);
  }

  @Context
  @Bean(preDestroy = "close")
  Gatekeeper gatekeeper(ClusterFacts facts) {
    return new Gatekeeper(facts, InstantSource.system());
  }

  @Context
  @Bean(preDestroy = "close")
  KnownNodes knownNodes(Discovery discovery, ClusterFacts facts) {
    return new KnownNodes(discovery, facts);
  }

  @Singleton
  SessionStores sessionStores(KnownNodes known, Nodes nodes) {
    return new SessionStores(known, nodes);
  }

  /** Looks from the start on: what was wrong before somebody asks is to be known, too. */
  @Context
  @Bean(preDestroy = "close")
  AlarmWatch alarmWatch(
      ClusterStatusReader reader,
      Candidacy candidacy,
      AlarmAudience audience,
      MeterRegistry meters) {
    AlarmWatch watch =
        new AlarmWatch(reader, candidacy::isLeading, audience, InstantSource.system(), meters);
    watch.start();
    return watch;
  }

  @Singleton
  @Bean(preDestroy = "close")
  AlarmAudience alarmAudience(RegistryConfiguration configuration, MeterRegistry meters) {
    WebhookTerms terms = configuration.webhook();
    return new AlarmAudience(terms == null ? null : new Webhook(terms, WEBHOOK_PAUSE, meters));
  }

  @Singleton
  Publisher publisher(KnownNodes known, Nodes nodes) {
    return new Publisher(known, nodes);
  }

  @Singleton
  DirectedPublisher directedPublisher(KnownNodes known, Nodes nodes) {
    return new DirectedPublisher(known, nodes);
  }

  private static <T extends FromFile<T>> FileAuthor<T> started(
      ClusterFacts facts,
      FactKind<T> kind,
      @Nullable FactFile<T> file,
      T none,
      boolean aloud,
      FileAuthor.Replaced<T> replaced) {
    FileAuthor<T> author =
        new FileAuthor<>(kind, facts.of(kind), file, none, aloud, InstantSource.system(), replaced);
    author.start();
    return author;
  }

  @Singleton
  RegistryNode node(Candidacy candidacy, OperatorAudit audit) {
    return new RegistryNode(candidacy, audit.answers());
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
