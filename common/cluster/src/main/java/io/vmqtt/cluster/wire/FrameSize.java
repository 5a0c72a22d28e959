package io.vmqtt.cluster.wire;

import io.vmqtt.proto.message.v1.Message;

/** Sizes of frames for the bounds of links: near enough, and cheaper than the exact ones. */
public final class FrameSize {
  /** A frame without a message. */
  public static final int SMALL_BYTES = 48;

  private FrameSize() {}

  /** About the bytes of a frame with this message. */
  public static int of(Message message) {
    int properties = message.hasProperties() ? message.getProperties().getSerializedSize() : 0;
    return SMALL_BYTES + message.getPayload().size() + message.getTopic().length() + properties;
  }
}
