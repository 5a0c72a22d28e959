package io.vmqtt.gateway.policy;

import io.vmqtt.model.DeliveryPolicy;
import io.vmqtt.model.Message;
import io.vmqtt.model.Namespace;

/** Finds what a message needs of the cluster, when a gateway takes it in. Asks nobody. */
@FunctionalInterface
public interface DeliveryPolicies {
  /** What MQTT asks of the quality of service, for every message. */
  DeliveryPolicies STANDARD = (namespace, message) -> DeliveryPolicy.of(message.qos());

  /**
   * The policy of a message.
   *
   * @param namespace of its publisher
   */
  DeliveryPolicy of(Namespace namespace, Message message);

  /** The message with its policy; itself where it has it already. */
  default Message applied(Namespace namespace, Message message) {
    return message.withPolicy(of(namespace, message));
  }
}
