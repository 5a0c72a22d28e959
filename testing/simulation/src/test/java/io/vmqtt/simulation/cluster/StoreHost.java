package io.vmqtt.simulation.cluster;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.link.LinkMetrics;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.cluster.loop.SharedTurns;
import io.vmqtt.cluster.loop.Turns;
import io.vmqtt.simulation.world.SimulatedProcess;
import io.vmqtt.store.leading.GatewayWatch;
import io.vmqtt.store.leading.LeadingOptions;
import io.vmqtt.store.leading.StoreClock;
import io.vmqtt.store.leading.StoreCommons;
import io.vmqtt.store.link.RouterLinks;
import io.vmqtt.store.link.StoreService;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.shard.EntryBounds;
import io.vmqtt.store.shard.EntryPace;
import io.vmqtt.store.shard.EntryPause;
import io.vmqtt.store.shard.Shard;
import io.vmqtt.store.shard.ShardCounts;
import io.vmqtt.store.shard.ShardOptions;
import io.vmqtt.store.wire.SessionExpiry;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A machine with a store: a replica of every shard, and the disk that they are on. */
public final class StoreHost extends Host {
  private static final long TICK_MILLIS = 100;
  private static final long FAILURE_DETECTION_MILLIS = 3_000;
  private static final long ROUTER_LEASE_MILLIS = LinkOptions.NETWORK.silenceLimit().toMillis() + 1;
  private static final long RESTART_GRACE_MILLIS = 10_000;
  private static final int CAPACITY = 1 << 12;

  /** Those of a store by default, but small enough for bounds to be met. */
  private static final ShardOptions OPTIONS =
      new ShardOptions(new EntryBounds(16, 1 << 20, 1 << 20, 4, 64), () -> false);

  private static final LeadingOptions LEADING =
      new LeadingOptions(
          new QueueLimits(
              100_000, 64L << 20, QueueLimits.Overflow.DROP_OLDEST, TimeUnit.DAYS.toMillis(1)),
          SessionExpiry.UNLIMITED,
          ROUTER_LEASE_MILLIS,
          () -> false);

  private final Map<Integer, Disk> disks = new LinkedHashMap<>();
  private long wallOffsetMillis;

  private record Disk(RaftReplica log, HeapStorage tables) {}

  StoreHost(String name, Surroundings surroundings, List<SimulatedRaft> rafts, Flaw flaw) {
    super(name, Role.SESSION_STORE, surroundings);
    for (SimulatedRaft raft : rafts) {
      disks.put(
          disks.size(), new Disk(raft.addReplica(), new HeapStorage(surroundings.random(), flaw)));
    }
  }

  /** What it has made of the log of a shard. */
  HeapStorage tables(int shard) {
    return Objects.requireNonNull(disks.get(shard)).tables;
  }

  /** Somebody sets the clock of the machine. */
  public void setClock(long offsetMillis) {
    wallOffsetMillis = offsetMillis;
  }

  @Override
  void run(SimulatedProcess started, String nodeId) {
    Surroundings around = surroundings();
    GatewayWatch gateways = new GatewayWatch(FAILURE_DETECTION_MILLIS, RESTART_GRACE_MILLIS);
    RouterLinks links = new RouterLinks(gateways);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    List<Shard> shards = new ArrayList<>();
    BitSet touched = new BitSet();
    Turns thread =
        new SharedTurns(
            "shards",
            started.newThread(),
            CAPACITY,
            () -> {
              touched.stream().forEach(number -> shards.get(number).endTurn());
              touched.clear();
            },
            meters);
    StoreClock clock =
        new StoreClock(
            () -> TimeUnit.NANOSECONDS.toMillis(around.time().getAsLong()) + wallOffsetMillis,
            () -> TimeUnit.NANOSECONDS.toMillis(around.time().getAsLong()));
    ShardCounts counts = new ShardCounts();
    StoreCommons commons = new StoreCommons(clock, gateways, LEADING, counts.leading());
    disks.forEach(
        (number, disk) -> {
          Executor own =
              task ->
                  thread.execute(
                      () -> {
                        touched.set(number);
                        task.run();
                      });
          Shard shard =
              new Shard(
                  number,
                  disk.tables,
                  around.random().nextLong(),
                  own,
                  new EntryPause(
                      number % 2 == 0 ? EntryPause.Kind.REPLICATED : EntryPause.Kind.LONE,
                      new EntryPace(around.time(), started.timer(), own)),
                  own,
                  commons,
                  OPTIONS,
                  counts);
          shard.appendTo(disk.log);
          shards.add(shard);
          disk.log.up(started, shard, disk.tables.applied().getIndex());
          links.add(shard);
        });
    var _ =
        started
            .timer()
            .scheduleWithFixedDelay(
                () -> shards.forEach(Shard::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    StoreService service =
        new StoreService(
            around.ends(name(), started), links, new LinkMetrics(meters, "store-router"));
    around.transport().serve(name(), started, service);
    join(around.registrar().discovery(started), gateways, shards);
  }

  private void join(Discovery discovery, GatewayWatch gateways, List<Shard> shards) {
    var _ =
        discovery.watch(
            Role.EDGE_GATEWAY,
            nodes ->
                gateways.discovered(
                    nodes.stream()
                        .map(node -> node.meta().get(Node.PROCESS))
                        .map(Long::parseUnsignedLong)
                        .collect(Collectors.toSet())));
    var _ =
        discovery.watch(
            Role.ROUTING_SERVICE,
            nodes -> {
              Set<String> ids = nodes.stream().map(Node::id).collect(Collectors.toSet());
              shards.forEach(shard -> shard.routers(ids));
            });
    var _ = discovery.register(new Node(name(), role(), name(), 1, 0, "simulated", Map.of()));
  }

  @Override
  void killed() {
    for (Disk disk : disks.values()) {
      disk.log.down();
      disk.tables.crash();
    }
  }

  @Override
  void poweredOff() {
    disks.values().forEach(disk -> disk.log.loseUnsynced());
  }
}
