package io.vmqtt.store.host;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.store.link.RouterLinks;
import io.vmqtt.store.log.Group;
import io.vmqtt.store.log.Replica;
import io.vmqtt.store.raft.ReplicaAddresses;
import io.vmqtt.store.shard.Shard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a store has the shards that the shard map places on it: opens those that are
 * missing or cannot go on, keeps their members as the map has them, and hands back those that are
 * placed elsewhere, once they can do without this store. Used on the thread of the store's timer.
 */
public final class ShardPlacement {
  private static final Logger log = LoggerFactory.getLogger(ShardPlacement.class);

  private final Replica self;
  private final Belonging belonging;
  private final ShardHost host;
  private final RouterLinks links;
  private final FoundDamage damage;
  private final Set<String> saidMistakes = new HashSet<>();
  private Set<Node> stores = Set.of();
  private Set<String> routers = Set.of();

  /**
   * @param self this store
   * @param links hear of shards that open and close
   * @param damage looks at shards that cannot be opened
   */
  public ShardPlacement(
      Replica self, Belonging belonging, ShardHost host, RouterLinks links, FoundDamage damage) {
    this.self = self;
    this.belonging = belonging;
    this.host = host;
    this.links = links;
    this.damage = damage;
  }

  /** This map is said to be in force. */
  public void placed(ShardMap map) {
    belonging.told(map);
    check();
  }

  /** These stores are in discovery. */
  public void stores(Set<Node> discovered) {
    stores = discovered;
    check();
  }

  /** These routers are in discovery, by node id. */
  public void routers(Set<String> discovered) {
    routers = Set.copyOf(discovered);
    host.shards().forEach(shard -> shard.routers(routers));
  }

  /** Does whatever is to be done now; to be called every now and then. */
  public void check() {
    ShardMap map = belonging.inForce();
    if (map == null || damage.found() != null) {
      return;
    }
    for (int shard = 0; shard < map.shardCount(); shard++) {
      boolean placedHere = map.places(shard, self.nodeId());
      if (damage.isLookedAt(shard)) {
        continue;
      }
      try {
        if (!placedHere && host.isDispensable(shard)) {
          handBack(shard);
        } else if (placedHere || host.hasGroup(shard)) {
          keep(shard, map);
        }
      } catch (IOException | RuntimeException e) {
        log.error("shard {} is not as the shard map has it", shard, e);
      }
    }
  }

  /**
   * A shard is to be open here: it is placed here, or this store has a vote in it still. One that
   * was here before knows its other replicas; a new one waits until all have addresses. One that is
   * open hears who its replicas are to be.
   */
  private void keep(int shard, ShardMap map) throws IOException {
    List<String> ids = map.targets(shard);
    List<Replica> replicas = withAddresses(ids);
    boolean complete = replicas.size() == ids.size();
    host.closeIfFailed(shard);
    boolean isDue = !host.isOpen(shard) || host.isToReopen(shard);
    boolean isNew = !host.hasGroup(shard);
    if (isDue && isNew && complete && isMistaken(replicas)) {
      return;
    }
    if (isDue && (complete || !isNew)) {
      boolean replicated = ids.size() > 1 || !ids.contains(self.nodeId());
      open(shard, new Group(replicas, replicated, map.epoch() > 1));
    } else if (!isDue && complete) {
      host.members(shard, replicas);
    }
  }

  /** Addresses are for life: a group with a wrong one is not begun. */
  private boolean isMistaken(List<Replica> replicas) {
    Optional<String> mistake = ReplicaAddresses.mistake(replicas);
    mistake
        .filter(saidMistakes::add)
        .ifPresent(said -> log.error("shards are not opened: {}", said));
    return mistake.isPresent();
  }

  private void open(int shard, Group group) throws IOException {
    if (host.isOpen(shard)) {
      log.warn("shard {} cannot go on here and is opened again", shard);
      try {
        host.reopen(shard, group);
      } catch (IOException | RuntimeException e) {
        damage.couldNotOpen(shard, e);
        throw e;
      }
    } else {
      links.add(openAnew(shard, group));
    }
  }

  private Shard openAnew(int shard, Group group) throws IOException {
    try {
      return host.open(shard, group, routers);
    } catch (IOException | RuntimeException e) {
      damage.couldNotOpen(shard, e);
      throw e;
    }
  }

  private void handBack(int shard) throws IOException {
    log.info("shard {} is placed elsewhere: it is closed, and what is here of it deleted", shard);
    Shard closing = host.shard(shard);
    if (closing != null) {
      links.remove(closing);
      host.handBack(shard);
    }
  }

  /** Those replicas whose addresses are known. */
  private List<Replica> withAddresses(List<String> nodeIds) {
    List<Replica> replicas = new ArrayList<>();
    for (String id : nodeIds) {
      String address = id.equals(self.nodeId()) ? self.address() : addressOf(id);
      if (address != null) {
        replicas.add(new Replica(id, address));
      }
    }
    return replicas;
  }

  private @Nullable String addressOf(String id) {
    for (Node node : stores) {
      String port = node.meta().get(Node.RAFT_PORT);
      if (node.id().equals(id) && port != null) {
        return node.host() + ":" + port;
      }
    }
    return null;
  }
}
