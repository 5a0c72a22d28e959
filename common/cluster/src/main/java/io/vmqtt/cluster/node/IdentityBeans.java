package io.vmqtt.cluster.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.exceptions.DisabledBeanException;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.identity.IdentityFiles;
import io.vmqtt.cluster.identity.ProcessIdentity;
import io.vmqtt.cluster.option.OptionValues;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.InstantSource;

/** What this process shows the others of itself, where it was told to. */
@Factory
final class IdentityBeans {
  /** Read by Netty, that within Ratis, and the JDK, when their TLS is first asked for. */
  private static final String TICKETS = "jdk.tls.server.enableSessionTicketExtension";

  @Singleton
  @Bean(preDestroy = "close")
  ProcessIdentity identity(
      OptionValues options, @Property(name = "vmqtt.role") String role, MeterRegistry registry)
      throws IOException {
    IdentityFiles files =
        ClusterOptions.identity(options)
            .orElseThrow(() -> new DisabledBeanException("links are in clear text"));
    if (!Role.named(role)
        .equals(Role.EDGE_GATEWAY)) { // its listeners are for clients, not for callers
      // Whoever was let in once would be for days, whatever has become of his certificate.
      System.setProperty(TICKETS, "false");
    }
    return new ProcessIdentity(Role.named(role), files, InstantSource.system(), registry);
  }
}
