package io.vmqtt.cluster.node;

import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.cluster.link.Peer;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * The ends of this process's links over the network: who it is to its peers, anew with every start,
 * and the thread that keeps the time of its links.
 */
@Singleton
public final class NetworkLinks implements AutoCloseable {
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("link-timer").daemon().factory());
  private final LinkEnds ends;

  NetworkLinks() {
    // Most of its tasks are cancelled before their time: they must not pile up until then.
    timer.setRemoveOnCancelPolicy(true);
    SecureRandom random = new SecureRandom();
    Peer self = new Peer(NodeId.random(random), random.nextLong(), Version.current());
    ends = new LinkEnds(self, LinkOptions.NETWORK, timer);
  }

  /** For the links of a role that has its identity from here. */
  public LinkEnds ends() {
    return ends;
  }

  @Override
  @PreDestroy
  public void close() {
    timer.shutdownNow();
  }
}
