package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One route, as one router has it.
 *
 * @param namespace empty: the nameless one
 * @param filter topic filter, without the share prefix
 * @param group name of the share group; null: none
 * @param origins where its subscribers are
 */
@JsonInclude
public record RouteInfo(
    String namespace, String filter, @Nullable String group, List<OriginInfo> origins) {
  public RouteInfo {
    origins = List.copyOf(origins);
  }

  /** Which one it is. */
  public RouteName name() {
    return new RouteName(namespace, filter, group == null ? "" : group);
  }

  /**
   * Who has subscribers of a route: a gateway, for sessions that end with their connection, or a
   * shard, for those that do not.
   *
   * @param node the id of the gateway, or of the store that leads the shard; null: nobody leads it
   * @param shard its number; null: it is a gateway
   * @param members how many subscribers it has there
   * @param full whether none of them takes messages of QoS 1 and 2
   * @param refuses whether too much waits for it, or its disk is nearly full: it is given no
   *     messages of QoS 1 and 2 at all
   * @param reachable whether there is a link
   * @param next whether the next message of the share group goes there, from this router; every
   *     router takes turns of its own
   */
  @JsonInclude
  public record OriginInfo(
      @Nullable String node,
      @Nullable Integer shard,
      int members,
      boolean full,
      boolean refuses,
      boolean reachable,
      boolean next) {}
}
