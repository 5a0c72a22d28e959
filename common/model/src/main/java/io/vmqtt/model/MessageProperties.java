package io.vmqtt.model;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an MQTT 5 message carries from publisher to subscriber unchanged. Source: MQTT 5.0, section
 * 3.3.2.3.
 *
 * @param payloadFormat null if absent: subscribers get no indicator either [MQTT-3.3.2-4]
 * @param contentType null if absent
 * @param responseTopic a valid topic name; null if absent
 * @param correlationData null if absent; the bytes must never change after they were given
 * @param userProperties in the order of the publisher, with repeated names [MQTT-3.3.2-18]
 */
public record MessageProperties(
    @Nullable PayloadFormat payloadFormat,
    @Nullable String contentType,
    @Nullable String responseTopic,
    @Nullable ByteBuffer correlationData,
    List<UserProperty> userProperties) {

  /** The properties of a message that has none, such as every MQTT 3.1.1 message. */
  public static final MessageProperties NONE =
      new MessageProperties(null, null, null, null, List.of());

  /** Keeps a read-only view of the correlation data (no copy) and an immutable list. */
  public MessageProperties {
    if (correlationData != null) {
      correlationData = correlationData.asReadOnlyBuffer();
    }
    userProperties = List.copyOf(userProperties);
  }

  /** A read-only view with a position of its own for every caller, so nobody disturbs another. */
  @Override
  public @Nullable ByteBuffer correlationData() {
    return correlationData == null ? null : correlationData.duplicate();
  }

  /** About what they take in memory. */
  public int bytes() {
    int bytes =
        length(contentType)
            + length(responseTopic)
            + (correlationData == null ? 0 : correlationData.remaining());
    for (UserProperty one : userProperties) {
      bytes += UserProperty.OBJECT_BYTES + one.name().length() + one.value().length();
    }
    return bytes;
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  /** Whether there is nothing to carry. */
  public boolean isEmpty() {
    return equals(NONE);
  }
}
