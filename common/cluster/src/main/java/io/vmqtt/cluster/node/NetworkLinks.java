package io.vmqtt.cluster.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.identity.ProcessIdentity;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.wire.Channels;
import io.vmqtt.cluster.wire.NetworkTransport;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The ends of this process's links over the network: who it is to its peers, anew with every start,
 * and the threads of its links.
 */
@Singleton
public final class NetworkLinks implements RoleLinks, AutoCloseable {
  private final NetworkTransport transport;
  private final LinkEnds ends;

  NetworkLinks(@Nullable ProcessIdentity identity, MeterRegistry registry) {
    transport = new NetworkTransport(identity, registry);
    SecureRandom random = new SecureRandom();
    Peer self = new Peer(NodeId.random(random), random.nextLong(), Version.current());
    ends = new LinkEnds(self, LinkOptions.NETWORK, transport.loop());
  }

  /** A process has one role. */
  @Override
  public LinkEnds ends(Role role) {
    return ends;
  }

  @Override
  public Channels channels() {
    return transport;
  }

  @Override
  public LinkOptions options() {
    return LinkOptions.NETWORK;
  }

  @Override
  public @Nullable Executor thread() {
    return transport.isSingle() ? transport.loop() : null;
  }

  /** What carries the links. */
  public NetworkTransport transport() {
    return transport;
  }

  @Override
  @PreDestroy
  public void close() {
    transport.close();
  }
}
