package io.vmqtt.store.raft;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves leaderships: back to a store that was away, so that the stores share the work, and off one
 * that is about to stop. Raft's priorities would bring leaders back, too, but elections wait for
 * the vote of the replica with the highest, and that is the one that just died.
 */
final class LeaderTransfers {
  private static final Logger log = LoggerFactory.getLogger(LeaderTransfers.class);

  /** The old leader takes nothing while it waits for the new one to have the whole log. */
  private static final long MAX_LAG_ENTRIES = 64;

  private static final long MAX_SILENCE_MILLIS = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** A leader that cannot hand over has to serve: it does not try again for so long. */
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final RaftServer server;
  private final ClientId clientId;
  private final AtomicLong callIds;
  private final Map<RaftGroupId, Long> failedNanos = new ConcurrentHashMap<>();

  /** A replica as its leader knows it. */
  private record Follower(RaftPeerId id, long matchIndex) {}

  LeaderTransfers(RaftServer server, ClientId clientId, AtomicLong callIds) {
    this.server = server;
    this.clientId = clientId;
    this.callIds = callIds;
  }

  /** If the group is led from here, but should be from there, and that replica can, it will be. */
  void prefer(RaftServer.Division division, RaftPeerId wanted) throws IOException {
    Long failed = failedNanos.get(division.getMemberId().getGroupId());
    if (failed != null && System.nanoTime() - failed < PAUSE.toNanos()) {
      return;
    }
    Optional<Follower> next =
        able(division).stream().filter(follower -> follower.id.equals(wanted)).findFirst();
    if (next.isPresent()) {
      var _ = transfer(division, next.get());
    }
  }

  /** If the group is led from here, another replica is to lead; done when it does, or cannot. */
  CompletableFuture<Void> giveUp(RaftServer.Division division) throws IOException {
    Optional<Follower> next =
        able(division).stream().max(Comparator.comparingLong(Follower::matchIndex));
    return next.isPresent()
        ? transfer(division, next.get())
        : CompletableFuture.completedFuture(null);
  }

  private CompletableFuture<Void> transfer(RaftServer.Division division, Follower next)
      throws IOException {
    RaftGroupId group = division.getMemberId().getGroupId();
    log.info("{} is to be led by {}", group, next.id);
    TransferLeadershipRequest request =
        new TransferLeadershipRequest(
            clientId,
            server.getId(),
            group,
            callIds.incrementAndGet(),
            next.id,
            PATIENCE.toMillis());
    return server
        .transferLeadershipAsync(request)
        .handle(
            (reply, problem) -> {
              Throwable cause = problem == null ? reply.getException() : problem;
              if (cause == null) {
                failedNanos.remove(group);
              } else {
                failedNanos.put(group, System.nanoTime());
                log.info("{} is led from here still", group, cause);
              }
              return null;
            });
  }

  /** The other replicas of a group that is led from here, if they are well and up to date. */
  private static List<Follower> able(RaftServer.Division division) {
    DivisionInfo info = division.getInfo();
    List<ServerRpcProto> followers = info.getRoleInfoProto().getLeaderInfo().getFollowerInfoList();
    long[] matches = info.getFollowerMatchIndices();
    if (!info.isLeader() || !info.isLeaderReady() || followers.size() != matches.length) {
      return List.of();
    }
    List<Follower> able = new ArrayList<>();
    for (int i = 0; i < matches.length; i++) {
      ServerRpcProto follower = followers.get(i);
      if (follower.getLastRpcElapsedTimeMs() < MAX_SILENCE_MILLIS
          && info.getLastAppliedIndex() - matches[i] < MAX_LAG_ENTRIES) {
        able.add(new Follower(RaftPeerId.valueOf(follower.getId().getId()), matches[i]));
      }
    }
    return able;
  }
}
