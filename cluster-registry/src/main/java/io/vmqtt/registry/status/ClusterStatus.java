package io.vmqtt.registry.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.alarms.AlarmReport;
import io.vmqtt.cluster.discovery.Member;
import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.namespaces.NamespaceTerms;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.cluster.node.ThisProcess;
import io.vmqtt.cluster.placement.ShardMap;
import io.vmqtt.cluster.status.NodeReport;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code GET /cluster/status}. Every field is always there; what is not known is
 * null.
 *
 * @param asOf when it was put together: ISO-8601, UTC
 * @param answeredBy the id of the registry that answers
 * @param leader the id of the registry that leads
 * @param consul whether what follows is of now, or what was last known; null where there is none
 * @param shardMap null until the shards are placed
 * @param namespaces null where nobody has said anything about any
 * @param access null until it is known whether there are rules
 * @param bans null until it is known whether there are any
 * @param nodes by role and id
 */
@JsonInclude
public record ClusterStatus(
    String asOf,
    String answeredBy,
    @Nullable String leader,
    @Nullable ConsulStatus consul,
    @Nullable ShardMapStatus shardMap,
    @Nullable NamespacesStatus namespaces,
    @Nullable AccessStatus access,
    @Nullable BansStatus bans,
    List<NodeEntry> nodes) {

  /** Where the registry looks for Consul, and whether it answers. */
  @JsonInclude
  public record ConsulStatus(String address, boolean reachable) {}

  /**
   * The shard map in force.
   *
   * @param cluster the id of the cluster
   * @param replicas per shard, the ids of its stores, the preferred leader first
   */
  @JsonInclude
  public record ShardMapStatus(
      String cluster,
      long epoch,
      int shardCount,
      int replicationFactor,
      List<List<String>> replicas) {

    static ShardMapStatus of(ShardMap map) {
      return new ShardMapStatus(
          map.cluster(), map.epoch(), map.shardCount(), map.replicationFactor(), map.replicas());
    }
  }

  /**
   * The namespaces in force.
   *
   * @param all by name; the nameless one has the empty name
   */
  @JsonInclude
  public record NamespacesStatus(long version, Map<String, NamespaceStatus> all) {

    static NamespacesStatus of(Namespaces namespaces) {
      Map<String, NamespaceStatus> all = new TreeMap<>();
      namespaces
          .all()
          .forEach((namespace, terms) -> all.put(namespace.name(), NamespaceStatus.of(terms)));
      return new NamespacesStatus(namespaces.version(), all);
    }
  }

  /**
   * One of them.
   *
   * @param quotas by what operators call them; without a limit where absent
   */
  @JsonInclude
  public record NamespaceStatus(Map<String, Long> quotas, String consistency) {

    static NamespaceStatus of(NamespaceTerms terms) {
      Map<String, Long> quotas = new TreeMap<>();
      terms.quotas().limits().forEach((quota, limit) -> quotas.put(quota.label(), limit));
      return new NamespaceStatus(quotas, terms.consistency().label());
    }
  }

  /**
   * What is in force of access.
   *
   * @param rules how many; null: there are none, and everything is allowed
   */
  @JsonInclude
  public record AccessStatus(long version, @Nullable Integer rules) {

    static AccessStatus of(AccessSettings settings) {
      TopicRules rules = settings.rules();
      return new AccessStatus(
          settings.version(), rules == null ? null : (Integer) rules.rules().size());
    }
  }

  /**
   * The bans in force.
   *
   * @param count how many; those that have ended among them
   * @param heldOff how many are held off for a while; those whose time is over among them, those
   *     who are pardoned not
   */
  @JsonInclude
  public record BansStatus(long version, int count, int heldOff) {}

  /**
   * One process.
   *
   * @param health {@code passing} or {@code critical}
   * @param ports by name: {@code http}, {@code grpc} where it serves it, {@code mqtt} for a gateway
   * @param startedAt ISO-8601, UTC
   * @param meta what it says of itself beyond that
   * @param figures its live figures; null where it did not tell them in time
   * @param alarms that it has raised about itself; null where it did not tell them
   * @param clock what its clock said then, in milliseconds since 1970; 0 where it did not
   */
  @JsonInclude
  public record NodeEntry(
      String role,
      String id,
      String health,
      String host,
      Map<String, Integer> ports,
      String version,
      @Nullable String startedAt,
      Map<String, String> meta,
      @Nullable Map<String, Object> figures,
      @Nullable List<AlarmReport> alarms,
      long clock) {
    private static final String PORT_SUFFIX = "-port";

    static NodeEntry of(Member member, @Nullable NodeReport report) {
      Node node = member.node();
      Map<String, Integer> ports = new TreeMap<>();
      ports.put("http", node.httpPort());
      if (node.grpcPort() != 0) {
        ports.put("grpc", node.grpcPort());
      }
      Map<String, String> meta = new TreeMap<>(node.meta());
      meta.remove(ThisProcess.STARTED_AT);
      node.meta().forEach((key, value) -> movePort(key, value, ports, meta));
      return new NodeEntry(
          node.role().serviceName(),
          node.id(),
          member.health().name().toLowerCase(Locale.ROOT),
          node.host(),
          ports,
          node.version(),
          node.meta().get(ThisProcess.STARTED_AT),
          meta,
          report == null ? null : report.figures(),
          report == null ? null : report.alarms(),
          report == null ? 0 : report.clock());
    }

    private static void movePort(
        String key, String value, Map<String, Integer> ports, Map<String, String> meta) {
      if (key.endsWith(PORT_SUFFIX)) {
        try {
          ports.put(key.substring(0, key.length() - PORT_SUFFIX.length()), Integer.parseInt(value));
          meta.remove(key);
        } catch (NumberFormatException e) {
          // Not a port after all: it stays among the rest.
        }
      }
    }
  }
}
