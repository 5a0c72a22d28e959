package io.vmqtt.cluster.operation;

import java.util.Comparator;

/**
 * What names a client in the whole cluster.
 *
 * @param namespace empty: the nameless one
 */
public record ClientName(String namespace, String clientId) implements Comparable<ClientName> {
  private static final Comparator<ClientName> ORDER =
      Comparator.comparing(ClientName::namespace).thenComparing(ClientName::clientId);

  @Override
  public int compareTo(ClientName other) {
    return ORDER.compare(this, other);
  }
}
