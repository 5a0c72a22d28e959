package io.vmqtt.gateway.connection;

import io.vmqtt.model.Message;
import io.vmqtt.model.ReasonCode;
import org.jspecify.annotations.Nullable;

/** The topic aliases that a client of MQTT 5 has set on its connection. */
final class TopicAliases {
  private final @Nullable String[] topics;

  TopicAliases(int maximum) {
    topics = new String[maximum + 1];
  }

  /** Notes the alias if the message has a topic, else gives the message the alias's topic. */
  Message resolve(Message message, int alias) {
    if (!message.topic().isEmpty()) {
      topics[alias] = message.topic();
      return message;
    }
    String topic = topics[alias];
    if (topic == null) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR, "topic alias " + alias + " was never set");
    }
    return new Message(
        topic,
        message.payload(),
        message.qos(),
        message.retain(),
        message.properties(),
        message.expiresAtMillis(),
        message.publisher());
  }
}
