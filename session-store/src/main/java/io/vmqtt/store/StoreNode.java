package io.vmqtt.store;

import io.grpc.BindableService;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.access.AccessFact;
import io.vmqtt.cluster.alarms.Finding;
import io.vmqtt.cluster.discovery.Discovery;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.identity.ProcessIdentity;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkFigures;
import io.vmqtt.cluster.link.LinkMetrics;
import io.vmqtt.cluster.link.LinkOptions;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.cluster.namespaces.NamespacesFact;
import io.vmqtt.cluster.node.Version;
import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapFact;
import io.vmqtt.store.config.StoreConfig;
import io.vmqtt.store.host.Belonging;
import io.vmqtt.store.host.FolderCheck;
import io.vmqtt.store.host.FoundDamage;
import io.vmqtt.store.host.Scrub;
import io.vmqtt.store.host.ShardHost;
import io.vmqtt.store.host.ShardLoops;
import io.vmqtt.store.host.ShardPlacement;
import io.vmqtt.store.journal.JournalLogs;
import io.vmqtt.store.journal.JournalOptions;
import io.vmqtt.store.leading.GatewayWatch;
import io.vmqtt.store.leading.LeadingOptions;
import io.vmqtt.store.leading.ShardQuotas;
import io.vmqtt.store.leading.StoreClock;
import io.vmqtt.store.leading.WillJudge;
import io.vmqtt.store.link.RouterLinks;
import io.vmqtt.store.link.StoreService;
import io.vmqtt.store.log.ReplayDebt;
import io.vmqtt.store.log.Replica;
import io.vmqtt.store.log.ShardLogs;
import io.vmqtt.store.operation.StoreAnswers;
import io.vmqtt.store.raft.RaftLogs;
import io.vmqtt.store.raft.RaftOptions;
import io.vmqtt.store.session.QueueLimits;
import io.vmqtt.store.shard.EntryBounds;
import io.vmqtt.store.shard.Shard;
import io.vmqtt.store.shard.ShardOptions;
import io.vmqtt.store.shard.ShardStatus;
import io.vmqtt.store.storage.CheckpointFiles;
import io.vmqtt.store.storage.DataFolder;
import io.vmqtt.store.storage.DataFolderException;
import io.vmqtt.store.storage.DiskSpace;
import io.vmqtt.store.storage.StorageMemory;
import io.vmqtt.store.wire.SessionExpiry;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session store: its folder, its Raft server, its shards, and the service that routers call.
 * Plain Java: a process of its own wraps it in Micronaut, the one-process form calls it directly.
 *
 * <p>{@link #start} makes it serve; shards open as soon as the shard map names this store. Public
 * methods may be called by any thread.
 */
public final class StoreNode implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StoreNode.class);
  private static final long TICK_MILLIS = 200;
  private static final long MEMBERS_SECONDS = 1;
  private static final long DISK_MILLIS = 500;
  private static final long TIMER_END_SECONDS = 10;
  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * A router whose link is gone goes by its routes until the limit of its end; the rest is for
   * clocks that do not run at the same speed.
   */
  private static final Duration ROUTER_LEASE =
      LinkOptions.NETWORK.silenceLimit().plus(Duration.ofMillis(500));

  private final StoreConfig config;
  private final Discovery discovery;
  private final ClusterFacts facts;
  private final MeterRegistry meters;
  private final LinkOptions linkOptions;
  private final @Nullable ProcessIdentity identity;
  private final long process = new SecureRandom().nextLong();
  private final DataFolder folder;
  private final boolean usesJournal;

  /** Notes what is known of the logs, which waits for the disk. */
  private final ScheduledExecutorService notes =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("store-notes").daemon().factory());

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("store-timer").daemon().factory());

  /** For what takes no time: to open a shard takes some, and links must show that they live. */
  private final ScheduledExecutorService linkTimer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("store-links").daemon().factory());

  private final GatewayWatch gateways;
  private final RouterLinks links;
  private final LinkMetrics linkMetrics;
  private final StoreService service;
  private final List<Registration> registrations = new ArrayList<>();
  private volatile @Nullable ShardHost host;
  private volatile @Nullable DiskSpace disk;
  private volatile int shardCount;
  private final Answers answers =
      new StoreAnswers(
              () -> host,
              () -> shardCount,
              this::limitsNow,
              this::maxCommandBytes,
              InstantSource.system())
          .answers();
  private @Nullable ShardLogs logs;

  /** Where Raft is served; 0: nowhere. */
  private volatile int raftPort;

  private @Nullable Scrub scrub;
  private @Nullable ScheduledFuture<?> ticking;
  private @Nullable ScheduledFuture<?> checkingMembers;

  private final Belonging belonging;
  private final FoundDamage damage;

  private final WillJudge wills = new WillJudge();

  /** Of every shard here. */
  private volatile ShardQuotas quotas = ShardQuotas.NONE;

  /**
   * Locks the data folder; nothing runs yet.
   *
   * @param linkOptions {@link LinkOptions#NETWORK}, or {@link LinkOptions#IN_PROCESS} where routers
   *     are in this process
   * @param identity what it shows other stores; null: nothing
   * @param replication whether its shards may have replicas elsewhere
   * @throws DataFolderException if the folder is in use or cannot be used
   */
  public StoreNode(
      StoreConfig config,
      Discovery discovery,
      ClusterFacts facts,
      MeterRegistry meters,
      LinkOptions linkOptions,
      @Nullable ProcessIdentity identity,
      Replication replication)
      throws DataFolderException {
    this.config = config;
    this.discovery = discovery;
    this.facts = facts;
    this.meters = meters;
    this.linkOptions = linkOptions;
    this.identity = identity;
    this.folder = DataFolder.open(config.disk().data(), FolderCheck::beforeStart);
    this.usesJournal = replication.usesJournal(folder);
    this.belonging = new Belonging(folder);
    this.damage = new FoundDamage(folder);
    this.gateways =
        new GatewayWatch(
            config.patience().failureDetection().toMillis(),
            config.patience().restartGrace().toMillis());
    this.links = new RouterLinks(gateways);
    Peer self = new Peer(folder.nodeId(), process, Version.current());
    this.linkMetrics = new LinkMetrics(meters, "store-router");
    this.service = new StoreService(new LinkEnds(self, linkOptions, linkTimer), links, linkMetrics);
  }

  /** The store's id, kept in its data folder. */
  public String nodeId() {
    return folder.nodeId();
  }

  /** The shard map on its disk; null where it never heard of one. */
  public @Nullable ShardMap carriedMap() {
    return folder.shardMap();
  }

  /** The id of the cluster whose shard map it refuses to follow; null where there is none. */
  public @Nullable String refusedCluster() {
    return belonging.refused();
  }

  /** Why it opens no shard any more, and its process must end; null: nothing is wrong. */
  public @Nullable String fault() {
    String found = damage.found();
    ShardLogs running = logs;
    return found != null || running == null ? found : running.fault();
  }

  /** Damaged files with which it goes on, since nobody else has what is in them. */
  public List<String> damagedFiles() {
    return damage.named();
  }

  /** What it says of itself in discovery; complete after {@link #start}. */
  public Map<String, String> meta() {
    Map<String, String> meta = new HashMap<>();
    meta.put(Node.PROCESS, Long.toUnsignedString(process));
    int port = raftPort;
    if (port != 0) {
      meta.put(Node.RAFT_PORT, Integer.toString(port));
    }
    return meta;
  }

  /** The services to offer to routers. */
  public List<BindableService> services() {
    return List.of(service);
  }

  /** What operators can ask of it. */
  public Answers answers() {
    return answers;
  }

  /** How its shards are doing, by number. */
  public List<ShardStatus> status() {
    ShardHost running = host;
    return running == null ? List.of() : running.shards().stream().map(Shard::status).toList();
  }

  /** Its links that are up. */
  public List<LinkFigures> links() {
    return linkMetrics.figures();
  }

  /** The room on its disk, see {@link DiskSpace#figures}; nothing before it has started. */
  public Map<String, Long> disk() {
    DiskSpace watched = disk;
    return watched == null ? Map.of() : watched.figures();
  }

  /** What is wrong here and wants somebody. */
  public List<Finding> findings() {
    ShardHost running = host;
    DiskSpace watched = disk;
    return running == null || watched == null
        ? List.of()
        : StoreFindings.of(watched, running.counts().leading().nearlyFull(), status());
  }

  /** The ids of the stores that have a vote in a shard, as this one knows it. */
  public List<String> members(int shard) {
    ShardLogs running = logs;
    return running == null ? List.of() : running.members(shard);
  }

  /**
   * Starts to serve.
   *
   * @throws IOException if the port of Raft is taken or the folder cannot be used
   */
  public synchronized void start() throws IOException {
    CheckpointFiles.finishRemovals(folder.shards());
    ShardLogs newLogs = logs();
    DiskSpace newDisk = new DiskSpace(folder.path(), config.disk().minFreeBytes());
    disk = newDisk;
    Gauge.builder("vmqtt.store.disk.free.bytes", newDisk, DiskSpace::freeBytes)
        .description("room on the disk of the data folder")
        .register(meters);
    ShardHost newHost =
        new ShardHost(
            folder.shards(),
            new ShardOptions(entryBounds(), newDisk::isFull),
            leadingOptions(newDisk),
            StoreClock.SYSTEM,
            gateways,
            new StorageMemory(
                config.memory().blockCacheBytes(), config.memory().writeBufferBytes()),
            new ShardLoops(config.threads(), newLogs::endTurn, meters),
            linkTimer,
            newLogs);
    logs = newLogs;
    host = newHost;
    folder.keepNodeId();
    newHost.meter(meters);
    Scrub newScrub =
        Scrub.of(
            config.disk().scrubRate(),
            folder.path(),
            newHost,
            (shard, found) -> damage.found(found, newLogs.members(shard).size() > 1));
    newScrub.meter(meters);
    newScrub.start();
    scrub = newScrub;
    ShardPlacement placement =
        new ShardPlacement(
            new Replica(nodeId(), config.raft().host() + ":" + raftPort),
            belonging,
            newHost,
            links,
            damage);
    registrations.add(
        facts
            .of(ShardMapFact.SHARD_MAP)
            .watch(
                map ->
                    timer.execute(
                        () -> {
                          shardCount = map.shardCount();
                          quotas = new ShardQuotas(quotas.cluster(), map.shardCount());
                          placement.placed(map);
                        })));
    registrations.add(facts.of(AccessFact.ACCESS).watch(wills::follow));
    registrations.add(
        facts
            .of(NamespacesFact.NAMESPACES)
            .watch(namespaces -> timer.execute(() -> namespaces(namespaces, newHost))));
    registrations.add(
        discovery.watch(Role.SESSION_STORE, nodes -> timer.execute(() -> placement.stores(nodes))));
    registrations.add(discovery.watch(Role.EDGE_GATEWAY, this::gatewaysChanged));
    registrations.add(
        discovery.watch(
            Role.ROUTING_SERVICE, nodes -> timer.execute(() -> placement.routers(ids(nodes)))));
    ticking =
        timer.scheduleWithFixedDelay(
            logged(this::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    var _ =
        timer.scheduleWithFixedDelay(
            logged(disk::check), DISK_MILLIS, DISK_MILLIS, TimeUnit.MILLISECONDS);
    checkingMembers =
        timer.scheduleWithFixedDelay(
            logged(placement::check), MEMBERS_SECONDS, MEMBERS_SECONDS, TimeUnit.SECONDS);
    var _ =
        notes.scheduleWithFixedDelay(
            logged(() -> note(newLogs)), MEMBERS_SECONDS, MEMBERS_SECONDS, TimeUnit.SECONDS);
    log.debug("store {} serves from {}", nodeId(), folder.path());
  }

  private static void note(ShardLogs logs) {
    try {
      logs.note();
    } catch (IOException e) {
      log.error("cannot note what is known of the logs here: {}", e.toString());
    }
  }

  /** By what the folder has; a new one gets the journal where it will never have replicas. */
  private ShardLogs logs() throws IOException {
    ReplayDebt debt = new ReplayDebt(config.log().maxReplay());
    Gauge.builder("vmqtt.store.replay.seconds", debt, one -> one.nanos() / NANOS_PER_SECOND)
        .description("what a start after a crash would take now to apply what the tables lack")
        .register(meters);
    if (usesJournal) {
      return new JournalLogs(
          folder.path(),
          nodeId(),
          new JournalOptions(
              config.log().segmentBytes(),
              config.log().snapshotEntries(),
              config.log().snapshotBytes()),
          debt);
    }
    RaftLogs raft =
        new RaftLogs(
            new RaftOptions(
                nodeId(),
                folder.path().resolve(DataFolder.LOGS),
                config.raft().host(),
                config.raft().port(),
                config.raft().electionTimeoutMin(),
                config.raft().electionTimeoutMax(),
                config.log().segmentBytes(),
                config.log().snapshotEntries(),
                config.log().snapshotBytes(),
                Math.max(config.entries().bytes(), config.entries().maxCommandBytes())),
            debt,
            identity,
            meters,
            damage::logFailed);
    raftPort = raft.port();
    return raft;
  }

  /** A task that fails once is run again all the same. */
  private static Runnable logged(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        log.error("a task of the store's timer failed", e);
      }
    };
  }

  private EntryBounds entryBounds() {
    return new EntryBounds(
        config.entries().commands(),
        config.entries().bytes(),
        config.entries().maxCommandBytes(),
        config.entries().inFlight(),
        config.entries().pendingCommands());
  }

  private QueueLimits queueLimits() {
    return new QueueLimits(
        config.queue().maxMessages(),
        config.queue().maxBytes(),
        config.queue().overflow(),
        config.patience().keyRetention().toMillis());
  }

  private int maxCommandBytes() {
    return config.entries().maxCommandBytes();
  }

  private QueueLimits limitsNow() {
    return queueLimits().with(quotas.queueBytes());
  }

  private LeadingOptions leadingOptions(DiskSpace disk) {
    return new LeadingOptions(
        queueLimits(),
        SessionExpiry.of(config.patience().maxSessionExpiry()),
        ROUTER_LEASE.toMillis(),
        disk::isLow,
        () -> quotas,
        wills);
  }

  private void gatewaysChanged(Set<Node> nodes) {
    Set<Long> processes = new HashSet<>();
    for (Node node : nodes) {
      String number = node.meta().get(Node.PROCESS);
      if (number == null) {
        log.warn("gateway {} does not say the number of its process", node.id());
      } else {
        processes.add(Long.parseUnsignedLong(number));
      }
    }
    gateways.discovered(processes);
  }

  /** What is said of namespaces counts from the next command on. */
  private void namespaces(Namespaces namespaces, ShardHost shards) {
    quotas = new ShardQuotas(namespaces, quotas.shardCount());
    shards.named(quotas.named());
  }

  private static Set<String> ids(Set<Node> nodes) {
    return nodes.stream().map(Node::id).collect(Collectors.toSet());
  }

  private void tick() {
    ShardHost running = host;
    if (running != null) {
      running.shards().forEach(Shard::tick);
    }
  }

  /** Stops in order; what was acknowledged is safe with or without that. */
  @Override
  public synchronized void close() throws IOException {
    if (timer.isShutdown()) {
      return;
    }
    registrations.forEach(Registration::close);
    registrations.clear();
    links.close("the store stops");
    if (ticking != null) {
      ticking.cancel(false);
    }
    if (checkingMembers != null) {
      checkingMembers.cancel(false);
    }
    if (scrub != null) {
      scrub.close();
    }
    notes.shutdown();
    timer.shutdown();
    await(notes);
    await(timer);
    try (DataFolder closing = folder;
        ShardHost running = host) {
      host = null;
      log.info(
          "store {} stops, {} uses {}",
          nodeId(),
          running == null ? "nobody" : "it",
          closing.path());
    } finally {
      linkTimer.shutdown();
    }
  }

  /** What it does to shards must not meet their end. */
  private static void await(ScheduledExecutorService timer) {
    try {
      if (!timer.awaitTermination(TIMER_END_SECONDS, TimeUnit.SECONDS)) {
        log.warn("the store's timer is still busy after {} s", TIMER_END_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** For logs. */
  @Override
  public String toString() {
    return "StoreNode[" + nodeId() + ", links=" + links.size() + ", " + linkOptions + "]";
  }
}
