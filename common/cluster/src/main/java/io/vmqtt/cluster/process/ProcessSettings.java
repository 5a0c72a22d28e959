package io.vmqtt.cluster.process;

import io.micronaut.context.ApplicationContextBuilder;
import io.micronaut.context.ApplicationContextConfigurer;
import io.micronaut.context.annotation.ContextConfigurer;
import io.micronaut.context.env.PropertySource;
import java.util.Map;

/**
 * What Micronaut has to know in a process of any role. The class path of the distribution carries
 * all of them, so there is no {@code application.yml}: only one of several would be read.
 */
@ContextConfigurer
public final class ProcessSettings implements ApplicationContextConfigurer {
  /** Below everything an operator can set: environment, system properties, files. */
  static final int DEFAULTS_POSITION = -1_000;

  @Override
  public void configure(ApplicationContextBuilder builder) {
    builder.propertySources(
        PropertySource.of(
            "vmqtt-process",
            Map.ofEntries(
                // Of Micronaut's endpoints, those that show no inner life and change nothing.
                Map.entry("endpoints.all.enabled", false),
                Map.entry("endpoints.health.enabled", true),
                Map.entry("endpoints.health.details-visible", "ANONYMOUS"),
                // It asks Consul for every service there is, at every check of this process.
                Map.entry("endpoints.health.discovery-client.enabled", false),
                // Longer than anything that operators can ask for takes to begin.
                Map.entry("micronaut.server.idle-timeout", "11m"),
                Map.entry("micronaut.server.read-idle-timeout", "11m"),
                Map.entry("micronaut.server.write-idle-timeout", "11m"),
                Map.entry("endpoints.prometheus.enabled", true),
                Map.entry("endpoints.prometheus.sensitive", false),
                Map.entry("micronaut.metrics.enabled", true),
                Map.entry("micronaut.metrics.export.prometheus.enabled", true),
                // On in the roles that serve it. Its links end by themselves, not by waiting; and
                // its
                // health indicator breaks /health where the server is off.
                Map.entry("grpc.server.enabled", false),
                Map.entry("grpc.server.health.enabled", false),
                Map.entry("grpc.server.await-termination", "0s")),
            DEFAULTS_POSITION));
  }
}
