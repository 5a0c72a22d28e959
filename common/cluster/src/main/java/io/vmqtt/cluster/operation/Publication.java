package io.vmqtt.cluster.operation;

import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.ScopedName;
import io.vmqtt.model.TopicName;
import io.vmqtt.model.Utf8String;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Messages to publish, in their order.
 *
 * @param namespace of all of them; empty: the nameless one
 */
public record Publication(String namespace, List<OneMessage> messages) {
  /** A gateway takes no more than that at once. */
  public static final int MOST = 1_000;

  public Publication {
    messages = List.copyOf(messages);
    if (messages.isEmpty() || messages.size() > MOST) {
      throw new IllegalArgumentException(
          "1 to " + MOST + " messages at once, not " + messages.size());
    }
  }

  /**
   * One of them.
   *
   * @param payload in base64
   * @param qos 0 to 2
   * @param expirySeconds message expiry interval; null: it stays valid
   * @param contentType null: none
   * @param responseTopic null: none
   */
  public record OneMessage(
      String topic,
      String payload,
      int qos,
      boolean retain,
      @Nullable Long expirySeconds,
      @Nullable String contentType,
      @Nullable String responseTopic) {

    /** Why nobody can publish it: as in PUBACK; {@link ReasonCode#SUCCESS}: it can be. */
    public ReasonCode fault() {
      if (!TopicName.isValid(topic)
          || (responseTopic != null && !TopicName.isValid(responseTopic))) {
        return ReasonCode.TOPIC_NAME_INVALID;
      }
      return contentType != null && !Utf8String.isValid(contentType)
          ? ReasonCode.MALFORMED_PACKET
          : ReasonCode.SUCCESS;
    }

    /**
     * The message itself, of nobody's.
     *
     * @param nowMillis wall clock
     */
    public Message in(Namespace namespace, long nowMillis) {
      return new Message(
          ScopedName.of(namespace, topic),
          ByteBuffer.wrap(Base64.getDecoder().decode(payload)).asReadOnlyBuffer(),
          Qos.of(qos),
          retain,
          new MessageProperties(null, contentType, responseTopic, null, List.of()),
          expirySeconds == null ? 0 : nowMillis + TimeUnit.SECONDS.toMillis(expirySeconds),
          0);
    }
  }

  /**
   * What became of each, in their order: 0x00 it is safe with everybody whom it matches, 0x10
   * nobody has subscribed, else why it was refused; as in PUBACK [MQTT-3.4.2.1].
   */
  public record Outcomes(List<Integer> reasons) {
    public Outcomes {
      reasons = List.copyOf(reasons);
    }
  }
}
