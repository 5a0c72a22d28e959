package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.policy.DeliveryPolicies;
import io.vmqtt.gateway.quota.NamespaceUse;
import io.vmqtt.model.Message;

/**
 * What all parts of a connection go by, once it is accepted.
 *
 * @param agreed with the client
 * @param limits of its listener
 * @param client where packets go
 * @param cluster behind this gateway
 * @param may what the client may do
 * @param policies what messages need of the cluster
 * @param use what its namespace may use of this gateway
 * @param question what packets wait for
 */
record Terms(
    Agreement agreed,
    Limits limits,
    ClientOutput client,
    Cluster cluster,
    Authorizations may,
    DeliveryPolicies policies,
    NamespaceUse use,
    OpenQuestion question) {

  /** The message, with what it needs of the cluster. */
  Message underItsPolicy(Message message) {
    return policies.applied(may.who().namespace(), message);
  }

  boolean isVersion5() {
    return agreed.version() == ProtocolVersion.V5;
  }
}
