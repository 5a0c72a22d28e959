package io.vmqtt.store.raft;

import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.identity.Callers;
import io.vmqtt.cluster.identity.Doorstep;
import io.vmqtt.cluster.identity.ProcessIdentity;
import io.vmqtt.cluster.identity.ProvenRoles;
import io.vmqtt.cluster.identity.Refusals;
import io.vmqtt.cluster.machine.LastingFiles;
import io.vmqtt.store.log.Group;
import io.vmqtt.store.log.LogEntry;
import io.vmqtt.store.log.LogReader;
import io.vmqtt.store.log.ReplayDebt;
import io.vmqtt.store.log.Replica;
import io.vmqtt.store.log.ReplicatedLog;
import io.vmqtt.store.log.ShardLogs;
import io.vmqtt.store.storage.CheckpointFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.OpenSsl;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Raft server of this process, with one group, and so one log, for each shard. */
public final class RaftLogs implements ShardLogs {
  private static final Logger log = LoggerFactory.getLogger(RaftLogs.class);

  /** Nobody asks for an answer twice here, so answers are not kept long. */
  private static final Duration ANSWERS_KEPT = Duration.ofSeconds(1);

  /** Nobody leads when a replica starts alone: it need not wait long to find that out. */
  private static final Duration FIRST_ELECTION_MIN = Duration.ofMillis(50);

  private static final Duration FIRST_ELECTION_MAX = Duration.ofMillis(150);

  private static final Duration LONGEST_SLEEP = Duration.ofDays(365);

  /** Room beside the commands: the entry's own fields, and Raft's. */
  private static final int ENTRY_OVERHEAD_BYTES = 64 << 10;

  /** What Ratis wants beside an entry in a message between replicas. */
  private static final int MESSAGE_OVERHEAD_BYTES = 1 << 20;

  /**
   * How soon a replica that does not answer is tried again: pauses and how many of each. Ratis' own
   * five seconds would be longer than a new member may be silent.
   */
  private static final String RETRIES = "50ms,10, 200ms,100, 500ms,1000000";

  /** How long a new member may make no progress before its leader starts over. */
  private static final Duration NO_PROGRESS = Duration.ofSeconds(10);

  /** Committed entries of all shards that may wait for their threads. */
  private static final int MAX_UNAPPLIED_ENTRIES = 16_384;

  /** So long a store that stops waits for other leaders; then they are elected. */
  private static final long TRANSFERS_SECONDS = 2;

  /** As many as gRPC would have; one that has nothing to do is not started. */
  private static final int THREADS_PER_PROCESSOR = 2;

  private static final long SNAPSHOT_TIMEOUT_MILLIS = 60_000;
  private static final int PREALLOCATED_BYTES = 4 << 20;
  private static final int CACHED_SEGMENTS = 2;

  private final RaftServer server;
  private final ClientId clientId = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();
  private final Semaphore unapplied = new Semaphore(MAX_UNAPPLIED_ENTRIES);
  private final Path folder;
  private final GroupMembers members;
  private final LeaderTransfers transfers;
  private final LostLeaders lostLeaders;
  private final GroupNotes notes;
  private final ReplayDebt debt;
  private final Map<RaftGroupId, Hosted> shards = new ConcurrentHashMap<>();

  private record Hosted(LogReader shard, boolean replicated) {}

  /**
   * Starts the server; shards of earlier starts come up with {@link #open}.
   *
   * @param debt what a start would take that finds the tables as they are
   * @param identity what replicas show each other; null: nothing, they talk in clear text
   * @param registry counts those who call
   * @param failure hears where a log cannot be written
   * @throws IOException if the port is taken or the folder cannot be used
   */
  public RaftLogs(
      RaftOptions options,
      ReplayDebt debt,
      @Nullable ProcessIdentity identity,
      MeterRegistry registry,
      LogFailure failure)
      throws IOException {
    this.debt = debt;
    RaftProperties properties = properties(options);
    folder = options.folder();
    LastingFiles.createFolders(folder);
    CheckpointFiles.finishRemovals(folder);
    ReceivedCheckpoints.deleteLeft(folder);
    LogEnds.sync(folder);
    VotesAfterBoot.skipLostTerms(folder);
    Parameters parameters = new Parameters();
    OwnMessagesOnly own = new OwnMessagesOnly(options.nodeId());
    Refusals refusals = identity == null ? new Refusals() : identity.refusals();
    Doorstep doorstep = doorstep(identity, refusals, registry);
    RefusedReplicas.watch(identity, refusals);
    boolean epoll = GrpcConfigKeys.useEpoll(properties);
    GrpcConfigKeys.Server.setServicesCustomizer(
        parameters,
        (builder, types) ->
            own.customize(builder, types)
                .channelFactory(
                    ReplicasAtTheDoor.channels(doorstep, epoll, this::connectionEnded)));
    if (identity != null) {
      GrpcConfigKeys.TLS.setConf(parameters, tls(identity));
    }
    server =
        RaftServer.newBuilder()
            .setServerId(RaftPeerId.valueOf(options.nodeId()))
            .setStateMachineRegistry(
                group -> {
                  Hosted hosted = shards.get(group);
                  if (hosted == null) {
                    throw new IllegalStateException("nobody asked for group " + group);
                  }
                  return new RaftStateMachine(
                      hosted.shard,
                      hosted.replicated,
                      options.snapshotBytes(),
                      debt,
                      () -> askForSnapshot(group),
                      unapplied,
                      folder,
                      failure);
                })
            .setProperties(properties)
            .setParameters(parameters)
            .setOption(RaftStorage.StartupOption.RECOVER)
            .build();
    // Had it known the folder from the start, it would have opened every group in there by itself,
    // before anybody could say who the replicas are.
    RaftServerConfigKeys.setStorageDir(properties, List.of(options.folder().toFile()));
    lostLeaders = new LostLeaders(server, callIds, registry);
    server.start();
    members = new GroupMembers(server, clientId, callIds);
    transfers = new LeaderTransfers(server, clientId, callIds);
    notes = new GroupNotes(folder);
  }

  private static Doorstep doorstep(
      @Nullable ProcessIdentity identity, Refusals refusals, MeterRegistry registry) {
    return new Doorstep(
        "raft",
        "the caller of Raft",
        identity == null
            ? "one without TLS"
            : "a certificate of " + ProvenRoles.text(Callers.OF_RAFT),
        refusals,
        registry);
  }

  /** Both sides show certificates, and believe stores alone. */
  private static GrpcTlsConfig tls(ProcessIdentity identity) {
    return GrpcTlsConfig.newBuilder()
        .setKeyManager(identity.own())
        .setTrustManager(identity.trust(Callers.OF_RAFT))
        .setMutualTls(true)
        .setProtocols("TLSv1.3")
        .setSslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
        .build();
  }

  /** Nobody connects before the server has started, when all is there. */
  private void connectionEnded() {
    lostLeaders.connectionEnded();
  }

  /** What Ratis goes by. */
  RaftProperties properties() {
    return server.getProperties();
  }

  /** Where this server is reached by the other replicas. */
  public int port() {
    return server.getServerRpc().getInetSocketAddress().getPort();
  }

  /**
   * Whether the group of an open shard has ended here, as Raft has it if a replica that joins
   * misses its leader before it knows itself as a member. A log that cannot be written does not end
   * it.
   */
  @Override
  public boolean hasClosed(int shard) {
    return division(shard)
        .map(division -> division.getInfo().getLifeCycleState() == LifeCycle.State.CLOSED)
        .orElse(true);
  }

  /**
   * Whether the group of a shard goes on without this replica. It may not get the entry that says
   * so; then it hears of it when it wants to be elected, and Raft ends its part of the group.
   */
  @Override
  public boolean isDismissed(int shard) {
    return division(shard)
        .filter(
            division ->
                division.getInfo().getLifeCycleState() == LifeCycle.State.CLOSED
                    || !division.getRaftConf().getAllPeers().contains(division.getPeer()))
        .isPresent();
  }

  /** Ends the group of a shard here. */
  @Override
  public void close(int shard) throws IOException {
    Optional<RaftServer.Division> division = division(shard);
    if (division.isPresent()) {
      division.get().close();
    }
  }

  /** Ends the group of a shard here, and deletes its log. */
  @Override
  public void remove(int shard) throws IOException {
    boolean isForgotten = forget(shard); // first: nobody is to miss it
    end(shard);
    CheckpointFiles.remove(folder.resolve(GroupFiles.nameOf(shard)));
    if (!isForgotten) {
      forget(shard); // there is room on the disk now
    }
    shards.remove(GroupFiles.idOf(shard));
    debt.forget(shard);
  }

  /** If that fails, on a full disk for example, the shard map says that nobody is to miss it. */
  private boolean forget(int shard) {
    try {
      notes.forget(GroupFiles.nameOf(shard));
      return true;
    } catch (IOException e) {
      log.warn("cannot note that shard {} is gone: {}", shard, e.toString());
      return false;
    }
  }

  private void end(int shard) throws IOException {
    RaftClientReply removed =
        server.groupManagement(
            GroupManagementRequest.newRemove(
                clientId,
                server.getId(),
                callIds.incrementAndGet(),
                GroupFiles.idOf(shard),
                false, // it would not delete it at once
                false));
    log.debug("shard {}: its group is removed: {}", shard, removed);
  }

  /** Ends the group of a shard if it has not ended, and opens its log and its tables again. */
  @Override
  public void reopen(LogReader shard, Group wanted) throws IOException {
    if (division(shard.number()).isPresent()) { // an attempt that failed has removed it already
      end(shard.number());
    }
    shard.reopen();
    open(shard, wanted);
  }

  /** Writes down what the next start should find; to be called every second or so. */
  @Override
  public void note() throws IOException {
    notes.take(GroupNotes.applied(server));
  }

  private Optional<RaftServer.Division> division(int shard) {
    try {
      return Optional.of(server.getDivision(GroupFiles.idOf(shard)));
    } catch (IOException e) {
      log.debug("shard {} has no group", shard, e);
      return Optional.empty();
    }
  }

  /** Opens the group of a shard, or creates it. */
  @Override
  public void open(LogReader shard, Group wanted) throws IOException {
    RaftGroupId groupId = GroupFiles.idOf(shard.number());
    shards.put(groupId, new Hosted(shard, wanted.replicated()));
    boolean waits = wanted.joins() && !hasGroup(shard.number());
    RaftGroup group =
        RaftGroup.valueOf(groupId, waits ? List.of() : GroupMembers.peers(wanted.replicas()));
    RaftClientReply reply =
        server.groupManagement(
            GroupManagementRequest.newAdd(
                clientId, server.getId(), callIds.incrementAndGet(), group, false));
    if (!reply.isSuccess()) {
      throw new IOException("cannot open shard " + shard.number(), reply.getException());
    }
    RaftServer.Division division = server.getDivision(groupId);
    shard.appendTo(new DivisionLog(division, wanted.replicated()));
  }

  /**
   * The ids of the stores that have a vote in the group of a shard, as this replica knows it: while
   * the members change those of before, too, for nothing is decided without them.
   */
  @Override
  public List<String> members(int shard) {
    return division(shard).stream()
        .flatMap(division -> division.getRaftConf().getAllPeers().stream())
        .map(peer -> peer.getId().toString())
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * Whether this replica knows its group: the folder alone may be that of one which was killed
   * before it heard of any other, and must not go on as a group of its own.
   */
  @Override
  public boolean hasGroup(int shard) {
    return Files.exists(folder.resolve(GroupFiles.nameOf(shard)).resolve(GroupFiles.MEMBERS));
  }

  /**
   * If this replica leads the shard, it sees to it that the group has these members, and that the
   * first of them leads.
   */
  @Override
  public void members(int shard, List<Replica> replicas) {
    try {
      RaftServer.Division division = server.getDivision(GroupFiles.idOf(shard));
      members.align(division, GroupMembers.peers(replicas));
      transfers.prefer(division, RaftPeerId.valueOf(replicas.getFirst().nodeId()));
    } catch (IOException e) {
      log.debug("shard {} has no group yet", shard, e);
    }
  }

  private final class DivisionLog implements ReplicatedLog {
    private final RaftServer.Division division;
    private final boolean replicated;

    /** The division itself, because the server would take each entry through one more thread. */
    private final RaftClientAsynchronousProtocol entrance;

    DivisionLog(RaftServer.Division division, boolean replicated) {
      this.division = division;
      this.replicated = replicated;
      this.entrance = (RaftClientAsynchronousProtocol) division;
    }

    @Override
    public CompletableFuture<Void> append(LogEntry entry) {
      RaftClientRequest request =
          RaftClientRequest.newBuilder()
              .setClientId(clientId)
              .setServerId(server.getId())
              .setGroupId(division.getMemberId().getGroupId())
              .setCallId(callIds.incrementAndGet())
              .setMessage(EntryMessage.of(entry))
              .setType(RaftClientRequest.writeRequestType())
              .build();
      try {
        return entrance
            .submitClientRequestAsync(request)
            .thenAccept(
                reply -> {
                  if (!reply.isSuccess()) {
                    throw new CompletionException(reply.getException());
                  }
                });
      } catch (IOException | RuntimeException e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    @Override
    public boolean mayHaveOtherWriter() {
      return replicated;
    }

    @Override
    public long writableTerm() {
      DivisionInfo info = division.getInfo();
      return info.isLeader() && info.isLeaderReady() ? info.getCurrentTerm() : 0;
    }
  }

  private void askForSnapshot(RaftGroupId group) {
    var _ =
        server
            .snapshotManagementAsync(
                SnapshotManagementRequest.newCreate(
                    clientId,
                    server.getId(),
                    group,
                    callIds.incrementAndGet(),
                    SNAPSHOT_TIMEOUT_MILLIS,
                    1))
            .whenComplete(
                (reply, problem) -> {
                  if (problem != null) {
                    log.warn("no snapshot of {}", group, problem);
                  }
                });
  }

  static RaftProperties properties(RaftOptions options) {
    RaftProperties properties = new RaftProperties();
    RaftServerConfigKeys.setStorageDir(
        properties, List.of(options.folder().resolve("removed").toFile()));
    RaftServerConfigKeys.setRemovedGroupsDir(
        properties, options.folder().resolve("removed").toFile());
    GrpcConfigKeys.Server.setHost(properties, options.host());
    GrpcConfigKeys.Server.setPort(properties, options.port());
    // Threads of its own: without, its channels cannot be chosen (see ReplicasAtTheDoor).
    GrpcConfigKeys.Server.setBossGroupSize(properties, 1);
    GrpcConfigKeys.Server.setWorkerGroupSize(
        properties, THREADS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors());
    int maxEntryBytes = options.maxEntryBytes() + ENTRY_OVERHEAD_BYTES;
    GrpcConfigKeys.setMessageSizeMax(
        properties, SizeInBytes.valueOf(maxEntryBytes + MESSAGE_OVERHEAD_BYTES));
    // A process that was stopped for a minute would close its Raft for ever when it goes on.
    RaftServerConfigKeys.setCloseThreshold(properties, time(LONGEST_SLEEP));
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, time(options.electionTimeoutMin()));
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, time(options.electionTimeoutMax()));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, time(FIRST_ELECTION_MIN));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, time(FIRST_ELECTION_MAX));
    RaftServerConfigKeys.RetryCache.setExpiryTime(properties, time(ANSWERS_KEPT));
    RaftServerConfigKeys.Read.ReadAfterWriteConsistent.setWriteIndexCacheExpiryTime(
        properties, time(ANSWERS_KEPT));
    // Its chain of appends is broken for good by one that fails, and runs an append twice when two
    // streams of a leader that started over race: a replica would never catch up again.
    RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(properties, false);
    // An entry for every commit, to know after a restart what was committed: the leader knows, and
    // it would double the entries.
    RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
    // A segment that ends is closed, and what that syncs counts: without our sync of its name, and
    // also where it fails. So nothing may be left to sync by then.
    RaftServerConfigKeys.Log.setForceSyncNum(properties, 1);
    // As it is by default, and as it must stay: an entry counts when it is synced, not before, and
    // a log that cannot be read is not taken for a shorter one.
    RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
    RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, false);
    RaftServerConfigKeys.Log.StateMachineData.setSync(properties, true);
    RaftServerConfigKeys.Log.setCorruptionPolicy(
        properties, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
    RaftServerConfigKeys.Log.setSegmentSizeMax(
        properties, SizeInBytes.valueOf(options.segmentBytes()));
    RaftServerConfigKeys.Log.setPreallocatedSize(
        properties, SizeInBytes.valueOf(Math.min(PREALLOCATED_BYTES, options.segmentBytes())));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, CACHED_SEGMENTS);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(
        properties, SizeInBytes.valueOf(options.segmentBytes()));
    RaftServerConfigKeys.Log.setWriteBufferSize(
        properties, SizeInBytes.valueOf(maxEntryBytes + ENTRY_OVERHEAD_BYTES));
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(
        properties, SizeInBytes.valueOf(maxEntryBytes));
    RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, RETRIES);
    RaftServerConfigKeys.setStagingTimeout(properties, time(NO_PROGRESS));
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, options.snapshotEntries());
    return properties;
  }

  private static TimeDuration time(Duration duration) {
    return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Stops; other replicas lead before this one is gone, if they can. */
  @Override
  public void close() throws IOException {
    List<CompletableFuture<Void>> leaving = new ArrayList<>();
    for (RaftGroupId group : server.getGroupIds()) {
      leaving.add(transfers.giveUp(server.getDivision(group)));
    }
    CompletableFuture.allOf(leaving.toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, TRANSFERS_SECONDS, TimeUnit.SECONDS)
        .join();
    lostLeaders.close();
    Map<String, Long> applied = GroupNotes.applied(server);
    server.close();
    try {
      notes.end(applied);
    } catch (IOException e) { // the next start goes by the notes of before
      log.warn("cannot note what is known of the logs here: {}", e.toString());
    }
  }
}
