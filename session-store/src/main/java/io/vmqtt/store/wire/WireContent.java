package io.vmqtt.store.wire;

import com.google.protobuf.UnsafeByteOperations;
import io.vmqtt.cluster.wire.FrameSize;
import io.vmqtt.cluster.wire.Messages;
import io.vmqtt.model.Durability;
import io.vmqtt.model.Qos;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.store.session.Content;
import io.vmqtt.store.session.Publication;
import java.io.UncheckedIOException;

/**
 * A message as it came over a link: it goes to the log, to disk and to gateways in that form.
 *
 * @param message the message
 */
public record WireContent(Message message) implements Content {
  private static final int OVERHEAD_BYTES = 32;

  /** The message as the rules of a shard see it: what is not to be stored needs no queue. */
  public static Publication publication(Message message) {
    boolean stored = Messages.policy(message).durability() == Durability.COMMITTED;
    return new Publication(
        message.getTopic(),
        stored ? Qos.of(message.getQos()) : Qos.AT_MOST_ONCE,
        message.getRetain(),
        message.getPayload().isEmpty(),
        message.getPublisher(),
        message.getExpiresAtMillis(),
        message.getPayload().size()
            + message.getTopic().length()
            + FrameSize.ofProperties(message)
            + OVERHEAD_BYTES,
        new WireContent(message));
  }

  /** The message behind a publication. */
  public static Message message(Publication publication) {
    return ((WireContent) publication.content()).message();
  }

  /** Reads a stored message; the bytes must not change afterwards. */
  public static Publication read(byte[] bytes) {
    try {
      return publication(Message.parseFrom(UnsafeByteOperations.unsafeWrap(bytes)));
    } catch (java.io.IOException e) {
      throw new UncheckedIOException("a stored message is damaged", e);
    }
  }
}
