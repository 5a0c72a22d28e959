package io.vmqtt.cluster.node;

import com.google.common.net.HostAndPort;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.vmqtt.cluster.consul.Consul;
import io.vmqtt.cluster.discovery.ConsulAnnouncer;
import io.vmqtt.cluster.discovery.ConsulDiscovery;
import io.vmqtt.cluster.discovery.ServiceAnnouncer;
import io.vmqtt.cluster.facts.ConsulClusterFacts;
import io.vmqtt.cluster.option.OptionValues;
import jakarta.inject.Singleton;
import java.io.IOException;

/**
 * Discovery and cluster facts through Consul, where {@code vmqtt.consul} says where it is. The
 * one-process form leaves that out and brings its own.
 */
@Factory
// A pattern, because it asks for a value: to Micronaut, VMQTT_CONSUL_BINARY in the environment
// makes
// vmqtt.consul a property that is there.
@Requires(property = "vmqtt.consul", pattern = ".+")
final class ConsulBeans {
  private final OptionValues options;

  ConsulBeans(OptionValues options) {
    this.options = options;
  }

  @Singleton
  @Bean(preDestroy = "close")
  Consul consul(MeterRegistry registry) throws IOException {
    Consul consul =
        new Consul(
            HostAndPort.fromString(options.get(ClusterOptions.CONSUL)),
            ClusterOptions.consulAccess(options));
    if (consul.certificateSecondsLeft().isPresent()) {
      Gauge.builder(
              "vmqtt.consul.certificate.seconds",
              consul,
              one -> one.certificateSecondsLeft().orElse(Double.NaN))
          .description(
              "seconds until TLS to Consul expires: the certificate shown, or its authority")
          .register(registry);
    }
    return consul;
  }

  @Singleton
  ServiceAnnouncer announcer(Consul consul) {
    return new ConsulAnnouncer(consul);
  }

  @Singleton
  @Bean(preDestroy = "close")
  ConsulDiscovery discovery(Consul consul, ServiceAnnouncer announcer) {
    return new ConsulDiscovery(consul, announcer);
  }

  @Singleton
  @Bean(preDestroy = "close")
  ConsulClusterFacts clusterFacts(Consul consul) {
    return new ConsulClusterFacts(consul);
  }
}
