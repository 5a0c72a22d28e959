package io.vmqtt.registry.placement;

import io.vmqtt.cluster.placement.ShardMap;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A store that lost its disk: its name is there again, its id is not.
 *
 * <p>It must not go on under its old id. A replica that forgot what it had acknowledged could help
 * to elect a leader that lacks it; a new member gets everything before it has a vote.
 *
 * @param name of both
 * @param gone the id that holds shards and is not there
 * @param replacement the id that is there and holds none
 */
record Replacement(String name, String gone, String replacement) {

  /** The first that there is, in the order of the names. */
  static @Nullable Replacement find(ShardMap map, Collection<Store> present) {
    Set<String> ids = present.stream().map(Store::id).collect(Collectors.toSet());
    Set<String> placed = map.stores();
    for (Map.Entry<String, String> known : map.names().entrySet()) {
      String gone = known.getKey();
      if (ids.contains(gone) || !placed.contains(gone)) {
        continue;
      }
      for (Store store : present) {
        if (store.name().equals(known.getValue()) && !placed.contains(store.id())) {
          return new Replacement(store.name(), gone, store.id());
        }
      }
    }
    return null;
  }
}
