package io.vmqtt.registry.admin;

import io.vmqtt.cluster.discovery.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node that should have said something, and did not: what is told is without its part.
 *
 * @param node its id
 * @param role its role's service name
 * @param why for people
 */
public record Missing(String node, String role, String why) {

  /** Those of whom there is no answer, in the order of their ids. */
  static <A> List<Missing> of(Map<Node, Said<A>> said) {
    List<Missing> missing = new ArrayList<>();
    said.forEach(
        (node, what) -> {
          @Nullable String why =
              switch (what) {
                case Said.Answer<A> _ -> null;
                case Said.Nothing<A>(String reason) -> reason;
                case Said.Refused<A>(String reason) -> reason;
              };
          if (why != null) {
            missing.add(new Missing(node.id(), node.role().serviceName(), why));
          }
        });
    missing.sort(Comparator.comparing(Missing::node));
    return missing;
  }
}
