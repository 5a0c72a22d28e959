package io.vmqtt.cluster.operation;

import io.vmqtt.model.ScopedName;
import java.util.Comparator;

/**
 * What names a client in the whole cluster.
 *
 * @param namespace empty: the nameless one
 */
public record ClientName(String namespace, String clientId) implements Comparable<ClientName> {
  private static final Comparator<ClientName> ORDER =
      Comparator.comparing(ClientName::namespace).thenComparing(ClientName::clientId);

  /** Whose client id that is, as the cluster writes it: with its namespace. */
  public static ClientName of(String scoped) {
    return new ClientName(ScopedName.namespace(scoped).name(), ScopedName.local(scoped));
  }

  @Override
  public int compareTo(ClientName other) {
    return ORDER.compare(this, other);
  }
}
