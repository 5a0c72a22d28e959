package io.vmqtt.store.raft;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.identity.Doorstep;
import io.vmqtt.cluster.identity.Refusals;
import io.vmqtt.testkit.net.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.TimeDuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers of Ratis whose patience with a leader is longer than these tests. */
@Timeout(60)
class LostLeadersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LONGER_THAN_TESTS = Duration.ofMinutes(10);
  private static final RaftGroupId GROUP = RaftGroupId.valueOf(new UUID(0, 7));

  @TempDir private Path folder;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<RaftServer> servers = new ArrayList<>();
  private final List<LostLeaders> watching = new ArrayList<>();

  @AfterEach
  void end() throws IOException {
    watching.forEach(LostLeaders::close);
    for (RaftServer server : servers) {
      server.close();
    }
  }

  /** Members of which the last one wants to lead at once: two that want to might wait for ever. */
  private void start(int members) throws IOException {
    List<RaftPeer> peers = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      peers.add(
          RaftPeer.newBuilder()
              .setId("store-" + i)
              .setAddress("127.0.0.1:" + FreePorts.next())
              .build());
    }
    RaftGroup group = RaftGroup.valueOf(GROUP, peers);
    for (RaftPeer peer : peers) {
      servers.add(start(peer, group, peer.equals(peers.getLast())));
    }
  }

  private RaftServer start(RaftPeer peer, RaftGroup group, boolean wantsToLead) throws IOException {
    RaftProperties properties =
        RaftLogs.properties(
            new RaftOptions(
                peer.getId().toString(),
                folder.resolve(peer.getId().toString()),
                "127.0.0.1",
                Integer.parseInt(peer.getAddress().split(":", -1)[1]),
                LONGER_THAN_TESTS,
                LONGER_THAN_TESTS.plusSeconds(1),
                1 << 20,
                1_000,
                1 << 20,
                1 << 16));
    if (!wantsToLead) {
      TimeDuration late = TimeDuration.valueOf(LONGER_THAN_TESTS.toSeconds(), TimeUnit.SECONDS);
      RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, late.add(late));
      RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, late);
    }
    Doorstep doorstep = new Doorstep("raft", "a caller", "one", new Refusals(), meters);
    AtomicReference<LostLeaders> watcher = new AtomicReference<>();
    Parameters parameters = new Parameters();
    GrpcConfigKeys.Server.setServicesCustomizer(
        parameters,
        (builder, _) ->
            builder.channelFactory(
                ReplicasAtTheDoor.channels(
                    doorstep,
                    GrpcConfigKeys.useEpoll(properties),
                    () -> watcher.get().connectionEnded())));
    RaftServer server =
        RaftServer.newBuilder()
            .setServerId(peer.getId())
            .setGroup(group)
            .setStateMachine(new BaseStateMachine())
            .setProperties(properties)
            .setParameters(parameters)
            .build();
    watcher.set(new LostLeaders(server, new AtomicLong(), meters));
    watching.add(watcher.get());
    server.start();
    return server;
  }

  private RaftServer awaitLeader(List<RaftServer> among) {
    AtomicReference<RaftServer> leader = new AtomicReference<>();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              for (RaftServer server : among) {
                if (server.getDivision(GROUP).getInfo().isLeaderReady()) {
                  leader.set(server);
                }
              }
              return leader.get() != null;
            });
    return leader.get();
  }

  /** All know who leads, and have its first entry. */
  private void awaitFollowers(RaftServer leader) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              long last = lastIndex(leader);
              for (RaftServer server : servers) {
                RaftPeerId led = server.getDivision(GROUP).getInfo().getLeaderId();
                if (!leader.getId().equals(led) || lastIndex(server) < last) {
                  return false;
                }
              }
              return true;
            });
  }

  private static long lastIndex(RaftServer server) throws IOException {
    return server.getDivision(GROUP).getRaftLog().getNextIndex() - 1;
  }

  private double replaced() {
    return meters.get("vmqtt.store.leaders.lost").counter().count();
  }

  /** Without being asked it would lead for ten minutes, dead. */
  @Test
  void leaderIsGone_anotherLeadsLongBeforeRaftMissesIt() throws Exception {
    start(3);
    RaftServer dead = awaitLeader(servers);
    awaitFollowers(dead);

    dead.close();
    servers.remove(dead);

    RaftServer next = awaitLeader(servers);
    assertTrue(replaced() > 0);
    awaitFollowers(next);
  }

  /** Who leads must not change because one that follows went, or somebody else hung up. */
  @Test
  void followerIsGone_leaderStays() throws Exception {
    start(3);
    RaftServer leader = awaitLeader(servers);
    awaitFollowers(leader);
    long term = leader.getDivision(GROUP).getInfo().getCurrentTerm();
    RaftServer dead =
        servers.stream().filter(server -> !server.equals(leader)).findFirst().orElseThrow();

    dead.close();
    servers.remove(dead);
    watching.forEach(LostLeaders::connectionEnded);
    await().atMost(PATIENCE).until(() -> watching.stream().allMatch(LostLeaders::isIdle));

    assertEquals(leader, awaitLeader(servers));
    assertEquals(term, leader.getDivision(GROUP).getInfo().getCurrentTerm());
    assertEquals(0, replaced());
  }
}
