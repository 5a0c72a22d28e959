package io.vmqtt.cluster.operation;

import java.util.Comparator;

/**
 * What a route is about.
 *
 * @param namespace empty: the nameless one
 * @param filter topic filter, without the share prefix
 * @param group name of the share group; empty: none
 */
public record RouteName(String namespace, String filter, String group)
    implements Comparable<RouteName> {
  private static final Comparator<RouteName> ORDER =
      Comparator.comparing(RouteName::namespace)
          .thenComparing(RouteName::filter)
          .thenComparing(RouteName::group);

  @Override
  public int compareTo(RouteName other) {
    return ORDER.compare(this, other);
  }
}
