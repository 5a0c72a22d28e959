package io.vmqtt.store.raft;

import com.google.common.annotations.VisibleForTesting;
import com.google.common.net.HostAndPort;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.ProtoUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a leader replaced as soon as its process has died, where Raft alone would wait for as long as
 * a leader may be silent. The kernel ends the connections of a process that dies, and from then on
 * refuses new ones at its port: only both together are taken for its end, so a leader that is slow,
 * stopped or cut off keeps its time. An election without need would cost a moment, never data: it
 * is one of Raft's own.
 */
final class LostLeaders implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LostLeaders.class);

  /** A machine that is there refuses at once. */
  private static final Duration PROBE = Duration.ofMillis(200);

  private static final Duration BETWEEN = Duration.ofMillis(75);

  /** So often, each time that a connection has ended. */
  private static final int LOOKS = 8;

  /** Each replica leaves it so long to those before it, lest all of them vote for themselves. */
  private static final int LOOKS_PER_TURN = 2;

  private final RaftServer server;
  private final AtomicLong callIds;
  private final Counter replaced;
  private final AtomicBoolean isAsked = new AtomicBoolean();

  /** How many looks in a row saw that the leader of a group was gone. On the thread only. */
  private final Map<RaftGroupId, Integer> seenGone = new HashMap<>();

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("lost-leaders").factory());

  /** Written on the thread only. */
  private volatile int looksLeft;

  LostLeaders(RaftServer server, AtomicLong callIds, MeterRegistry registry) {
    this.server = server;
    this.callIds = callIds;
    this.replaced =
        Counter.builder("vmqtt.store.leaders.lost")
            .description("elections begun because the process of a leader was gone")
            .register(registry);
  }

  /** A connection from another replica has ended. Returns at once. */
  void connectionEnded() {
    if (!isAsked.compareAndSet(false, true)) {
      return; // whoever looks next sees this one, too
    }
    try {
      thread.execute(
          () -> {
            isAsked.set(false);
            boolean isLooking = looksLeft > 0;
            looksLeft = LOOKS;
            if (!isLooking) {
              look();
            }
          });
    } catch (RejectedExecutionException e) {
      log.debug("this replica is about to end", e);
    }
  }

  /** Whether all that was told has been looked at. */
  @VisibleForTesting
  boolean isIdle() {
    return !isAsked.get() && looksLeft == 0;
  }

  /**
   * Begins the elections whose turn it is. More than once: a process that dies closes one thing
   * after the other, so its connections may have ended while its port still answers.
   */
  private void look() {
    Map<String, Boolean> gone = new HashMap<>();
    for (RaftGroupId group : server.getGroupIds()) {
      try {
        lookAt(group, server.getDivision(group), gone);
      } catch (IOException | RuntimeException e) {
        log.debug("{} is not looked at: it has just ended", group, e);
      }
    }
    int left = looksLeft - 1;
    looksLeft = left;
    if (left > 0) {
      var _ = thread.schedule(this::look, BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
    } else {
      seenGone.clear();
    }
  }

  /**
   * Looks at the leader of a group.
   *
   * @param gone what is known by now of addresses
   */
  private void lookAt(RaftGroupId group, RaftServer.Division division, Map<String, Boolean> gone)
      throws IOException {
    RaftPeerId leader = division.getInfo().getLeaderId();
    RaftPeer peer = leader == null ? null : division.getRaftConf().getPeer(leader);
    if (peer == null
        || !division.getInfo().isFollower()
        || !gone.computeIfAbsent(peer.getAddress(), LostLeaders::isGone)) {
      seenGone.remove(group);
      return;
    }
    int seen = seenGone.merge(group, 1, Integer::sum);
    if (seen == 1 + LOOKS_PER_TURN * turn(division.getRaftConf().getCurrentPeers(), peer)) {
      elect(division, peer.getId());
    }
  }

  /** How many others come first in the place of this leader. */
  private int turn(Collection<RaftPeer> members, RaftPeer leader) {
    List<String> others =
        members.stream()
            .filter(member -> !member.getId().equals(leader.getId()))
            .map(member -> member.getId().toString())
            .sorted()
            .toList();
    return Math.max(0, others.indexOf(server.getId().toString()));
  }

  private static boolean isGone(String address) {
    HostAndPort place = HostAndPort.fromString(address);
    try (Socket probe = new Socket()) {
      probe.connect(
          new InetSocketAddress(place.getHost(), place.getPort()), (int) PROBE.toMillis());
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) { // a machine that is silent, or cannot be reached: who knows
      return false;
    }
  }

  private void elect(RaftServer.Division division, RaftPeerId leader) throws IOException {
    DivisionInfo info = division.getInfo();
    RaftGroupId group = division.getMemberId().getGroupId();
    log.info("{} is led by {}, whose process is gone: it elects another", group, leader);
    // Any entry of the leader's term will do: a replica that has none waits, as Raft has it.
    TermIndexProto first = TermIndexProto.newBuilder().setTerm(info.getCurrentTerm()).build();
    server.startLeaderElection(
        StartLeaderElectionRequestProto.newBuilder()
            .setServerRequest(
                RaftRpcRequestProto.newBuilder()
                    .setRequestorId(leader.toByteString())
                    .setReplyId(server.getId().toByteString())
                    .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(group))
                    .setCallId(callIds.incrementAndGet()))
            .setLeaderLastEntry(first)
            .build());
    replaced.increment();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
