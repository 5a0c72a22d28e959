package io.vmqtt.store.operation;

import io.vmqtt.cluster.operation.MessageInfo;
import io.vmqtt.cluster.operation.WillInfo;
import io.vmqtt.model.ScopedName;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.message.v1.MessageProperties;
import io.vmqtt.store.session.Publication;
import io.vmqtt.store.session.Will;
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

  /** A will, without what it says; null: there is none. */
  static @Nullable WillInfo of(@Nullable Will will) {
    if (will == null) {
      return null;
    }
    Message message = WireContent.message(will.publication());
    return new WillInfo(
        ScopedName.local(message.getTopic()),
        message.getQos(),
        message.getRetain(),
        message.getPayload().size(),
        will.delaySeconds(),
        will.expirySeconds());
  }

  private static @Nullable String orNull(boolean there, String text) {
    return there ? text : null;
  }
}
