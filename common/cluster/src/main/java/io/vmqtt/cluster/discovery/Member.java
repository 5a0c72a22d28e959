package io.vmqtt.cluster.discovery;

import java.util.Comparator;

/** A known node and how it is. */
public record Member(Node node, Health health) {
  /** The order in which people read a cluster: gateways first, the control plane last. */
  static final Comparator<Member> BY_ROLE_AND_ID =
      Comparator.comparing((Member member) -> member.node().role())
          .thenComparing(member -> member.node().id());

  /** How a node is, in Consul's words. */
  public enum Health {
    /** Answers its health check. */
    PASSING,
    /** Does not; it is no longer given work and soon forgotten. */
    CRITICAL
  }
}
