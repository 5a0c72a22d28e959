package io.vmqtt.cluster.operation;

import java.util.List;
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
      @Nullable String responseTopic) {}

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
