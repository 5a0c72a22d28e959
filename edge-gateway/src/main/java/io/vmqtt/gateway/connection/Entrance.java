package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.policy.DeliveryPolicies;
import io.vmqtt.gateway.quota.NamespaceUses;
import io.vmqtt.model.Namespace;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Where connections come in, and what holds for all that come that way.
 *
 * @param namespace where clients are, unless access control puts them elsewhere
 * @param limits of each connection
 * @param access who is let in, and what each may do
 * @param policies what the messages of those who are let in need of the cluster
 * @param uses what the namespaces of those who are let in may use
 * @param levels versions of MQTT that clients may speak
 * @param gone whether it is no more, so that those who came that way have to go; from any thread
 */
public record Entrance(
    Namespace namespace,
    Limits limits,
    Access access,
    DeliveryPolicies policies,
    NamespaceUses uses,
    Set<ProtocolLevel> levels,
    BooleanSupplier gone) {

  public Entrance {
    levels = Set.copyOf(levels);
  }

  /** Clients may speak every version, and it is there for ever. */
  public Entrance(
      Namespace namespace,
      Limits limits,
      Access access,
      DeliveryPolicies policies,
      NamespaceUses uses) {
    this(namespace, limits, access, policies, uses, ProtocolLevel.ALL, () -> false);
  }

  /** Messages need what MQTT asks of their quality of service, and nothing is bounded. */
  public Entrance(Namespace namespace, Limits limits, Access access) {
    this(namespace, limits, access, DeliveryPolicies.STANDARD, NamespaceUses.unnamed());
  }
}
