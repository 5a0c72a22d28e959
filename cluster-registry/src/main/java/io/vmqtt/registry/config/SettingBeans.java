package io.vmqtt.registry.config;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.vmqtt.cluster.access.AccessFact;
import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.cluster.bans.BansFact;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.cluster.namespaces.NamespacesFact;
import io.vmqtt.registry.access.AccessFile;
import io.vmqtt.registry.bans.BansFile;
import io.vmqtt.registry.files.FactFile;
import io.vmqtt.registry.namespaces.NamespacesFile;
import io.vmqtt.registry.settings.Contents;
import io.vmqtt.registry.settings.History;
import io.vmqtt.registry.settings.Setting;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What operators change over the API. It hears of the facts from the start on. */
@Factory
final class SettingBeans {
  /** Where there is no file, for complaints. */
  private static final Path BODY = Path.of("the request");

  @Context
  @Bean(preDestroy = "close")
  History<AccessSettings> accessHistory(ClusterFacts facts) {
    return new History<>(facts, AccessFact.ACCESS, InstantSource.system());
  }

  @Context
  @Bean(preDestroy = "close")
  History<Bans> bansHistory(ClusterFacts facts) {
    return new History<>(facts, BansFact.BANS, InstantSource.system());
  }

  @Context
  @Bean(preDestroy = "close")
  History<Namespaces> namespacesHistory(ClusterFacts facts) {
    return new History<>(facts, NamespacesFact.NAMESPACES, InstantSource.system());
  }

  @Context
  @Bean(preDestroy = "close")
  Setting<AccessSettings> access(
      ClusterFacts facts, RegistryConfiguration configuration, History<AccessSettings> history) {
    return new Setting<>(
        facts,
        AccessFact.ACCESS,
        AccessSettings.NONE,
        new AccessFile(BODY, "access"),
        Contents::ofAccess,
        path(configuration.access()),
        history,
        InstantSource.system());
  }

  @Context
  @Bean(preDestroy = "close")
  Setting<Bans> bans(
      ClusterFacts facts, RegistryConfiguration configuration, History<Bans> history) {
    return new Setting<>(
        facts,
        BansFact.BANS,
        Bans.NONE,
        new BansFile(BODY, "bans"),
        Contents::ofBans,
        path(configuration.bans()),
        history,
        InstantSource.system());
  }

  @Context
  @Bean(preDestroy = "close")
  Setting<Namespaces> namespaces(
      ClusterFacts facts, RegistryConfiguration configuration, History<Namespaces> history) {
    return new Setting<>(
        facts,
        NamespacesFact.NAMESPACES,
        Namespaces.NONE,
        new NamespacesFile(BODY, "namespaces"),
        Contents::ofNamespaces,
        path(configuration.namespaces()),
        history,
        InstantSource.system());
  }

  private static @Nullable Path path(@Nullable FactFile<?> file) {
    return file == null ? null : file.path();
  }
}
