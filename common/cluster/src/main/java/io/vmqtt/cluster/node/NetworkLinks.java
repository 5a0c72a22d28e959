package io.vmqtt.cluster.node;

import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.wire.NetworkTransport;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.security.SecureRandom;

/**
 * The ends of this process's links over the network: who it is to its peers, anew with every start,
 * and the threads of its links.
 */
@Singleton
public final class NetworkLinks implements AutoCloseable {
  private final NetworkTransport transport = new NetworkTransport();
  private final LinkEnds ends;

  NetworkLinks() {
    SecureRandom random = new SecureRandom();
    Peer self = new Peer(NodeId.random(random), random.nextLong(), Version.current());
    ends = new LinkEnds(self, LinkOptions.NETWORK, transport.loop());
  }

  /** For the links of a role that has its identity from here. */
  public LinkEnds ends() {
    return ends;
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
