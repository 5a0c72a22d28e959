package io.vmqtt.cluster.wire;

import io.grpc.ManagedChannel;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.link.LinkClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Links to all nodes of a role: to each that discovery lists, and to each that it no longer lists
 * as long as its link lives.
 *
 * <p>Discovery finds nodes; it does not know better than a link who is there. A Consul that comes
 * back lists nobody for a while, and a process that is too busy to answer its health check is left
 * out: to let go of it would break what works. Safe from any thread.
 */
public final class Neighbours implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Neighbours.class);

  /** How often those that are not listed are looked at. */
  private static final long LOOK_MILLIS = 500;

  private final Channels channels;
  private final BiFunction<Node, ManagedChannel, LinkClient> connector;
  private final ScheduledFuture<?> clockwork;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Address, Neighbour> neighbours = new HashMap<>();
  private boolean closed;

  private record Address(String nodeId, String host, int port) {
    static Address of(Node node) {
      return new Address(node.id(), node.host(), node.grpcPort());
    }
  }

  private static final class Neighbour {
    final ManagedChannel channel;
    final LinkClient client;
    boolean listed = true;

    Neighbour(ManagedChannel channel, LinkClient client) {
      this.channel = channel;
      this.client = client;
    }

    void close() {
      client.close();
      channel.shutdown();
    }
  }

  /**
   * @param timer looks after those that are not listed
   * @param connector opens the link to a node over a channel; must not call back at once
   */
  public Neighbours(
      Channels channels,
      ScheduledExecutorService timer,
      BiFunction<Node, ManagedChannel, LinkClient> connector) {
    this.channels = channels;
    this.connector = connector;
    this.clockwork =
        timer.scheduleWithFixedDelay(this::letGo, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** These are listed now, and no others. */
  public void discovered(Set<Node> nodes) {
    Map<Address, Node> listed = new HashMap<>();
    nodes.forEach(node -> listed.put(Address.of(node), node));
    lock.lock();
    try {
      if (closed) {
        return;
      }
      neighbours.forEach((address, neighbour) -> neighbour.listed = listed.containsKey(address));
      listed.forEach(
          (address, node) -> neighbours.computeIfAbsent(address, absent -> connect(node)));
    } finally {
      lock.unlock();
    }
    letGo();
  }

  private Neighbour connect(Node node) {
    ManagedChannel channel = channels.to(node);
    return new Neighbour(channel, connector.apply(node, channel));
  }

  /** Of those that neither discovery nor a link knows. */
  private void letGo() {
    List<Neighbour> gone = new ArrayList<>();
    lock.lock();
    try {
      neighbours
          .entrySet()
          .removeIf(
              entry -> {
                Neighbour neighbour = entry.getValue();
                boolean isGone = !neighbour.listed && !neighbour.client.isLive();
                if (isGone) {
                  log.info(
                      "lets go of {}: not listed, and without a link", entry.getKey().nodeId());
                  gone.add(neighbour);
                }
                return isGone;
              });
    } finally {
      lock.unlock();
    }
    gone.forEach(Neighbour::close); // not under the lock: owners of links have locks of their own
  }

  @Override
  public void close() {
    clockwork.cancel(false);
    List<Neighbour> all;
    lock.lock();
    try {
      closed = true;
      all = List.copyOf(neighbours.values());
      neighbours.clear();
    } finally {
      lock.unlock();
    }
    all.forEach(Neighbour::close);
  }
}
