package io.vmqtt.store.raft;

import io.vmqtt.store.log.Replica;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the members of Raft groups as the shard map has them. A new member is brought up to date by
 * Raft before it has a vote. The address of a member is that of its first day: Raft learns no
 * other.
 */
final class GroupMembers {
  private static final Logger log = LoggerFactory.getLogger(GroupMembers.class);

  private final RaftServer server;
  private final ClientId clientId;
  private final AtomicLong callIds;
  private final Set<RaftGroupId> changing = ConcurrentHashMap.newKeySet();

  GroupMembers(RaftServer server, ClientId clientId, AtomicLong callIds) {
    this.server = server;
    this.clientId = clientId;
    this.callIds = callIds;
  }

  /** The replicas as members. */
  static List<RaftPeer> peers(List<Replica> replicas) {
    List<RaftPeer> peers = new ArrayList<>();
    for (Replica replica : replicas) {
      peers.add(
          RaftPeer.newBuilder()
              .setId(RaftPeerId.valueOf(replica.nodeId()))
              .setAddress(replica.address())
              .build());
    }
    return peers;
  }

  private static Set<RaftPeerId> ids(Collection<RaftPeer> peers) {
    return peers.stream().map(RaftPeer::getId).collect(Collectors.toSet());
  }

  /** Asks the group to have these members, if it is led from here and has others. */
  void align(RaftServer.Division division, List<RaftPeer> wanted) throws IOException {
    DivisionInfo info = division.getInfo();
    RaftGroupId group = division.getMemberId().getGroupId();
    if (!info.isLeader()
        || !info.isLeaderReady()
        || ids(division.getRaftConf().getCurrentPeers()).equals(ids(wanted))
        || !changing.add(group)) {
      return;
    }
    log.info("group {} is to have the members {}", group, wanted);
    SetConfigurationRequest request =
        new SetConfigurationRequest(
            clientId,
            server.getId(),
            group,
            callIds.incrementAndGet(),
            SetConfigurationRequest.Arguments.newBuilder().setServersInNewConf(wanted).build());
    var _ =
        server
            .setConfigurationAsync(request)
            .whenComplete(
                (reply, problem) -> {
                  changing.remove(group);
                  if (problem != null) {
                    log.warn("group {} did not get its members", group, problem);
                  } else if (!reply.isSuccess()) {
                    log.warn("group {} did not get its members", group, reply.getException());
                  } else {
                    log.info("group {} has its members", group);
                  }
                });
  }
}
