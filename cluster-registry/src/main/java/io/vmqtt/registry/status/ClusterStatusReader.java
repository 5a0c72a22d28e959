package io.vmqtt.registry.status;

import io.vmqtt.cluster.access.AccessFact;
import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.cluster.bans.BansFact;
import io.vmqtt.cluster.bans.HeldOff;
import io.vmqtt.cluster.bans.HeldOffFact;
import io.vmqtt.cluster.bans.Pardons;
import io.vmqtt.cluster.discovery.Member;
import io.vmqtt.cluster.discovery.Membership;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.cluster.namespaces.NamespacesFact;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.placement.ShardMapFact;
import io.vmqtt.cluster.status.NodeReport;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the status of the cluster together from all who know a part of it. */
public final class ClusterStatusReader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClusterStatusReader.class);

  private final String self;
  private final @Nullable String consulAddress;
  private final Membership membership;
  private final Supplier<Optional<String>> leader;
  private final NodeReports reports;
  private final InstantSource clock;
  private final List<Registration> watches;
  private volatile @Nullable ShardMap shardMap;
  private volatile @Nullable Namespaces namespaces;
  private volatile @Nullable AccessSettings access;
  private volatile @Nullable Bans bans;
  private volatile HeldOff heldOff = HeldOff.NONE;

  /** What Consul said last, for when it says nothing. */
  private volatile List<Member> lastKnown = List.of();

  /**
   * @param self the id of this registry
   * @param consulAddress null where there is none
   * @param leader the id of the registry that leads, where it is known
   */
  public ClusterStatusReader(
      String self,
      @Nullable String consulAddress,
      Membership membership,
      ClusterFacts facts,
      Supplier<Optional<String>> leader,
      NodeReports reports,
      InstantSource clock) {
    this.self = self;
    this.consulAddress = consulAddress;
    this.membership = membership;
    this.leader = leader;
    this.reports = reports;
    this.clock = clock;
    this.watches =
        List.of(
            facts.of(ShardMapFact.SHARD_MAP).watch(map -> shardMap = map),
            facts.of(NamespacesFact.NAMESPACES).watch(known -> namespaces = known),
            facts.of(AccessFact.ACCESS).watch(known -> access = known),
            facts.of(BansFact.BANS).watch(known -> bans = known),
            facts.of(HeldOffFact.HELD_OFF).watch(known -> heldOff = known));
  }

  /**
   * The status at this moment; takes as long as the slowest node that is asked for its figures.
   * Those who fail their health check are not asked.
   *
   * @throws InterruptedException if the calling thread is asked to stop
   */
  public ClusterStatus read() throws InterruptedException {
    boolean reachable = true;
    List<Member> members;
    try {
      members = membership.members();
      lastKnown = members;
    } catch (IOException e) {
      log.debug("Consul does not answer: telling what was last known", e);
      reachable = false;
      members = lastKnown;
    }
    List<Node> healthy =
        members.stream()
            .filter(member -> member.health() == Member.Health.PASSING)
            .map(Member::node)
            .toList();
    Map<Node, NodeReport> told = reports.of(healthy);
    ShardMap map = shardMap;
    Namespaces knownNamespaces = namespaces;
    AccessSettings knownAccess = access;
    Bans knownBans = bans;
    return new ClusterStatus(
        clock.instant().truncatedTo(ChronoUnit.MILLIS).toString(),
        self,
        leader.get().orElse(null),
        consulAddress == null ? null : new ClusterStatus.ConsulStatus(consulAddress, reachable),
        map == null ? null : ClusterStatus.ShardMapStatus.of(map),
        knownNamespaces == null ? null : ClusterStatus.NamespacesStatus.of(knownNamespaces),
        knownAccess == null ? null : ClusterStatus.AccessStatus.of(knownAccess),
        knownBans == null ? null : status(knownBans),
        members.stream()
            .map(member -> ClusterStatus.NodeEntry.of(member, told.get(member.node())))
            .toList());
  }

  private ClusterStatus.BansStatus status(Bans known) {
    return new ClusterStatus.BansStatus(
        known.version(), known.all().size(), heldOff.without(new Pardons(known.pardons())).size());
  }

  @Override
  public void close() {
    watches.forEach(Registration::close);
  }
}
