package io.vmqtt.store.operation;

import io.vmqtt.cluster.operation.MessageInfo;
import io.vmqtt.model.ScopedName;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.message.v1.MessageProperties;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.wire.WireContent;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages for operators to read. */
final class MessageInfos {
  private MessageInfos() {}

  /**
   * One of them.
   *
   * @param payload whether what it says is wanted, its properties among that
   */
  static MessageInfo of(Publication publication, boolean payload) {
    Message message = WireContent.message(publication);
    MessageProperties properties = message.getProperties();
    return new MessageInfo(
        ScopedName.local(message.getTopic()),
        message.getQos(),
        message.getRetain(),
        payload ? Base64.getEncoder().encodeToString(message.getPayload().toByteArray()) : null,
        message.getPayload().size(),
        publication.expiresAtMillis() == 0
            ? null
            : Instant.ofEpochMilli(publication.expiresAtMillis()).toString(),
        orNull(payload && properties.hasContentType(), properties.getContentType()),
        orNull(payload && properties.hasResponseTopic(), properties.getResponseTopic()),
        payload
            ? properties.getUserPropertiesList().stream()
                .map(one -> List.of(one.getName(), one.getValue()))
                .toList()
            : List.of());
  }

  private static @Nullable String orNull(boolean there, String text) {
    return there ? text : null;
  }
}
