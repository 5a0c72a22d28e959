package io.vmqtt.gateway.transport;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.connection.Caller;
import io.vmqtt.model.Namespace;
import org.jspecify.annotations.Nullable;

/** A first packet that is refused for what it is. */
final class UnreadConnect {
  private UnreadConnect() {}

  /** Who has sent it, as far as it says so: what could not be decoded says nothing. */
  static Identity claimed(Namespace namespace, Caller caller, MqttMessage packet) {
    @Nullable MqttConnectPayload said = // null: it is invalid
        packet instanceof MqttConnectMessage connect ? connect.payload() : null;
    return new Identity(
        namespace,
        said == null ? "" : said.clientIdentifier(),
        said == null ? null : said.userName(),
        caller.address(),
        caller.certificate());
  }
}
