package io.vmqtt.cluster.access;

import io.vmqtt.model.Namespace;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which clients a rule is for: those for whom all of it holds.
 *
 * @param users their user names; empty: any, also none
 * @param clientIds their client ids; empty: any
 * @param namespaces where they are; empty: anywhere
 */
public record Who(Set<String> users, List<NamePattern> clientIds, Set<Namespace> namespaces) {
  public static final Who EVERYBODY = new Who(Set.of(), List.of(), Set.of());

  public Who {
    users = Set.copyOf(users);
    clientIds = List.copyOf(clientIds);
    namespaces = Set.copyOf(namespaces);
  }

  /**
   * Whether a client is one of them.
   *
   * @param user null: it has no user name
   */
  public boolean includes(@Nullable String user, String clientId, Namespace namespace) {
    return (users.isEmpty() || (user != null && users.contains(user)))
        && (namespaces.isEmpty() || namespaces.contains(namespace))
        && (clientIds.isEmpty() || matches(clientIds, clientId));
  }

  private static boolean matches(List<NamePattern> patterns, String name) {
    for (NamePattern pattern : patterns) {
      if (pattern.matches(name)) {
        return true;
      }
    }
    return false;
  }
}
