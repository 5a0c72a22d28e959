package io.vmqtt.cluster.node;

import io.micronaut.context.ApplicationContextBuilder;
import io.micronaut.context.ApplicationContextConfigurer;
import io.micronaut.context.annotation.ContextConfigurer;
import io.micronaut.context.env.PropertySource;
import java.util.Map;

/**
 * Configures Micronaut's Consul client for every process, so that none has to: {@code vmqtt.consul}
 * alone says where Consul is.
 *
 * <p>Only the client is wanted. Micronaut's automatic registration gives up when Consul is away at
 * the start and does not notice when Consul forgets; its health indicator would call a process down
 * that can serve without Consul.
 */
@ContextConfigurer
public final class MicronautConsulClient implements ApplicationContextConfigurer {

  @Override
  public void configure(ApplicationContextBuilder builder) {
    builder.propertySources(
        PropertySource.of(
            "vmqtt-consul-client",
            Map.of(
                "consul.client.default-zone", "${vmqtt.consul:`localhost:8500`}",
                "consul.client.registration.enabled", false,
                "consul.client.discovery.enabled", false,
                "consul.client.health-check", false)));
  }
}
