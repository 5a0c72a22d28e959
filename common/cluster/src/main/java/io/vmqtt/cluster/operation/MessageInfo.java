package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message that a store keeps.
 *
 * @param payload in base64; null: it was not asked for, nor the properties
 * @param bytes of the payload
 * @param expiresAt ISO-8601, UTC; null: it stays valid
 * @param contentType null: none
 * @param responseTopic null: none
 * @param userProperties name and value of each, in their order
 */
@JsonInclude
public record MessageInfo(
    String topic,
    int qos,
    boolean retain,
    @Nullable String payload,
    int bytes,
    @Nullable String expiresAt,
    @Nullable String contentType,
    @Nullable String responseTopic,
    List<List<String>> userProperties) {
  public MessageInfo {
    userProperties = List.copyOf(userProperties);
  }
}
