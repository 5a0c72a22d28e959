package io.vmqtt.cluster.node;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.vmqtt.cluster.consul.Consul;
import io.vmqtt.cluster.discovery.Discovery;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Makes this process known once its HTTP server is up, and withdraws it as the first step of an
 * orderly stop.
 */
@Singleton
@Requires(beans = {LocalNode.class, Consul.class})
public final class NodeAnnouncement implements AutoCloseable {
  private final ThisProcess process;
  private final LocalNode local;
  private final Discovery discovery;
  private final EmbeddedServer http;
  private Discovery.@Nullable Announced registration;

  NodeAnnouncement(ThisProcess process, LocalNode local, Discovery discovery, EmbeddedServer http) {
    this.process = process;
    this.local = local;
    this.discovery = discovery;
    this.http = http;
  }

  @EventListener
  synchronized void onStart(ServerStartupEvent event) {
    // The gRPC server says the same of itself.
    if (event.getSource().equals(http)) {
      registration = discovery.register(process.asNode(local, http.getPort()));
      local.whenChanged(this::renew);
    }
  }

  /** The process says other things of itself. */
  private synchronized void renew() {
    if (registration != null) {
      registration.update(process.asNode(local, http.getPort()));
    }
  }

  @EventListener
  void onStop(ShutdownEvent event) {
    close();
  }

  /** Withdraws the process at once; a role that drains itself calls this before it does. */
  @Override
  @PreDestroy
  public synchronized void close() {
    if (registration != null) {
      registration.close();
      registration = null;
    }
  }
}
