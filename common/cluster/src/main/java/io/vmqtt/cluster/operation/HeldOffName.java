package io.vmqtt.cluster.operation;

import java.util.Comparator;

/**
 * Who is held off.
 *
 * @param kind {@code address}, {@code user} or {@code client-id}
 * @param from the address, or network, from where he is
 * @param namespace of the listener; empty: the nameless one, and of an address
 * @param name of a user or client; empty of an address
 */
public record HeldOffName(String kind, String from, String namespace, String name)
    implements Comparable<HeldOffName> {
  private static final Comparator<HeldOffName> ORDER =
      Comparator.comparing(HeldOffName::kind)
          .thenComparing(HeldOffName::namespace)
          .thenComparing(HeldOffName::name)
          .thenComparing(HeldOffName::from);

  @Override
  public int compareTo(HeldOffName other) {
    return ORDER.compare(this, other);
  }
}
