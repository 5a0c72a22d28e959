package io.vmqtt.brokenhouse.rim;

import io.netty.buffer.ByteBuf;

/** Uses Netty, but of it only the buffers. */
record Payload(ByteBuf bytes) {
  int size() {
    return bytes.readableBytes();
  }
}
