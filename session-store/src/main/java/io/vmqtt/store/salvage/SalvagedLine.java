package io.vmqtt.store.salvage;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.vmqtt.model.ScopedName;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.message.v1.MessageProperties;
import java.util.Base64;

/** A message as one line of JSON; docs/operations.md describes it. */
final class SalvagedLine {
  private final ObjectNode json = JsonNodeFactory.instance.objectNode();

  private SalvagedLine(Kind kind, int shard, Message message, int qos) {
    json.put("kind", kind.name().toLowerCase(java.util.Locale.ROOT));
    json.put("shard", shard);
    String namespace = ScopedName.namespace(message.getTopic()).name();
    if (!namespace.isEmpty()) {
      json.put("namespace", namespace);
    }
    json.put("topic", ScopedName.local(message.getTopic()));
    json.put("qos", qos);
    json.put("retain", message.getRetain());
    json.put("payload", text(message.getPayload()));
    if (message.getExpiresAtMillis() > 0) {
      json.put("expiresAtMillis", message.getExpiresAtMillis());
    }
    if (message.hasProperties()) {
      putProperties(message.getProperties());
    }
  }

  /** Where a message was. */
  private enum Kind {
    RETAINED,
    QUEUED,
    LOGGED
  }

  static SalvagedLine retained(int shard, Message message) {
    return new SalvagedLine(Kind.RETAINED, shard, message, message.getQos());
  }

  /**
   * In the queue of a session.
   *
   * @param clientId as the cluster knows it; empty: nobody knows it any more
   */
  static SalvagedLine queued(
      int shard, long session, String clientId, long sequence, int qos, Message message) {
    SalvagedLine line = new SalvagedLine(Kind.QUEUED, shard, message, qos);
    if (!clientId.isEmpty()) {
      line.json.put("clientId", ScopedName.local(clientId));
    }
    line.json.put("session", session);
    line.json.put("sequence", sequence);
    return line;
  }

  /** In the log, behind what is damaged: nobody knows which sessions it was for. */
  static SalvagedLine logged(int shard, long index, Message message) {
    SalvagedLine line = new SalvagedLine(Kind.LOGGED, shard, message, message.getQos());
    line.json.put("entry", index);
    return line;
  }

  private void putProperties(MessageProperties properties) {
    if (properties.hasPayloadIsUtf8()) {
      json.put("payloadIsUtf8", properties.getPayloadIsUtf8());
    }
    if (properties.hasContentType()) {
      json.put("contentType", properties.getContentType());
    }
    if (properties.hasResponseTopic()) {
      json.put("responseTopic", properties.getResponseTopic());
    }
    if (properties.hasCorrelationData()) {
      json.put("correlationData", text(properties.getCorrelationData()));
    }
    if (properties.getUserPropertiesCount() > 0) {
      var list = json.putArray("userProperties");
      properties
          .getUserPropertiesList()
          .forEach(one -> list.addArray().add(one.getName()).add(one.getValue()));
    }
  }

  private static String text(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  @Override
  public String toString() {
    return json.toString();
  }
}
