package io.vmqtt.router.link;

import io.vmqtt.cluster.access.NamePattern;
import io.vmqtt.cluster.operation.RouteInfo;
import io.vmqtt.cluster.operation.RouteName;
import io.vmqtt.cluster.operation.RoutePage;
import io.vmqtt.cluster.operation.RouteQuery;
import io.vmqtt.model.ScopedName;
import io.vmqtt.router.routes.Route;
import io.vmqtt.router.routes.RouteKey;
import io.vmqtt.router.routes.RouteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The lowest of the routes that are shown to it and wanted, as many as are asked for and one more:
 * that tells whether there are others. Confined to the router's thread.
 */
final class LowestRoutes {
  private final RouteTable<Destination> table;
  private final RouteQuery query;
  private final @Nullable NamePattern filter;
  private final TreeMap<RouteName, Found> lowest = new TreeMap<>();

  private record Found(RouteKey key, List<Route.Part<Destination>> parts) {}

  /** None yet. */
  LowestRoutes(RouteTable<Destination> table, RouteQuery query) {
    this.table = table;
    this.query = query;
    this.filter = query.filter() == null ? null : new NamePattern(query.filter());
  }

  /** Whether routes of an origin are wanted. */
  boolean isWanted(Destination origin) {
    String named = query.origin();
    return named == null
        || switch (origin) {
          case GatewayPeer gateway -> named.equals(gateway.nodeId);
          case ShardPeer shard -> named.equals(Integer.toString(shard.shard));
        };
  }

  void look(Destination origin, RouteKey key) {
    RouteName name = name(key);
    RouteName after = query.after();
    if ((after != null && name.compareTo(after) <= 0)
        || (lowest.size() > query.limit() && name.compareTo(lowest.lastKey()) > 0)
        || !isWanted(name)) {
      return;
    }
    Route.Part<Destination> part = table.look(origin.origin(), key);
    if (part != null) {
      lowest.computeIfAbsent(name, absent -> new Found(key, new ArrayList<>())).parts().add(part);
      if (lowest.size() > query.limit() + 1) {
        lowest.pollLastEntry();
      }
    }
  }

  private boolean isWanted(RouteName name) {
    return (query.namespace() == null || query.namespace().equals(name.namespace()))
        && (filter == null || filter.matches(name.filter()));
  }

  RoutePage page() {
    return new RoutePage(
        lowest.values().stream()
            .limit(query.limit())
            .map(found -> info(found.key(), found.parts()))
            .toList(),
        lowest.size() > query.limit());
  }

  private static RouteName name(RouteKey key) {
    return new RouteName(
        ScopedName.namespace(key.filter()).name(),
        ScopedName.local(key.filter()),
        key.shareGroup());
  }

  static RouteInfo info(RouteKey key, List<Route.Part<Destination>> parts) {
    RouteName name = name(key);
    return new RouteInfo(
        name.namespace(),
        name.filter(),
        name.group().isEmpty() ? null : name.group(),
        parts.stream().map(LowestRoutes::info).toList());
  }

  private static RouteInfo.OriginInfo info(Route.Part<Destination> part) {
    Destination destination = part.destination();
    boolean refuses = destination.isFull() || !destination.hasRoom();
    return switch (destination) {
      case GatewayPeer gateway -> info(part, gateway.nodeId, null, refuses);
      case ShardPeer shard -> info(part, shard.leaderId(), shard.shard, refuses);
    };
  }

  private static RouteInfo.OriginInfo info(
      Route.Part<Destination> part,
      @Nullable String node,
      @Nullable Integer shard,
      boolean refuses) {
    return new RouteInfo.OriginInfo(
        node, shard, part.members(), part.full(), refuses, part.reachable(), part.next());
  }
}
