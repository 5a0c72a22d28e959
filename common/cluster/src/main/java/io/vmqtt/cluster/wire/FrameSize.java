package io.vmqtt.cluster.wire;

import io.vmqtt.model.UserProperty;
import io.vmqtt.proto.message.v1.Message;

/** Sizes of frames for the bounds of links: near enough, and cheaper than the exact ones. */
public final class FrameSize {
  /** A frame without a message. */
  public static final int SMALL_BYTES = 48;

  private FrameSize() {}

  /** About the bytes of a frame with this message. */
  public static int of(Message message) {
    return SMALL_BYTES
        + message.getPayload().size()
        + message.getTopic().length()
        + ofProperties(message);
  }

  /** About what its properties take in memory: user properties far more than on the way. */
  public static int ofProperties(Message message) {
    return message.hasProperties()
        ? message.getProperties().getSerializedSize()
            + UserProperty.OBJECT_BYTES * message.getProperties().getUserPropertiesCount()
        : 0;
  }
}
