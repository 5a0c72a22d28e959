package io.vmqtt.gateway.link;

import io.vmqtt.cluster.link.Link;
import io.vmqtt.cluster.wire.FrameSize;
import io.vmqtt.gateway.memory.ClientMemory;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tells a router which publishes this gateway has received. While memory for clients is tight that
 * waits a moment: it is what publishers wait for, and gives slow clients time to catch up. It never
 * waits for long, for other publishers wait too. Safe for use by any thread.
 */
final class Receipts {
  private static final long LOOK_MILLIS = 20;
  private static final int MOST_LOOKS = 25;

  private final ClientMemory memory;
  private final ScheduledExecutorService timer;
  private final AtomicReference<@Nullable Receipt> waiting = new AtomicReference<>();

  private record Receipt(Link<GatewayFrame> link, long through) {}

  Receipts(ClientMemory memory, ScheduledExecutorService timer) {
    this.memory = memory;
    this.timer = timer;
  }

  /** Every publish up to this one has come over the link. */
  void received(Link<GatewayFrame> link, long through) {
    Receipt receipt = new Receipt(link, through);
    if (waiting.get() == null && !memory.isTight()) {
      tell(receipt);
    } else if (waiting.getAndSet(receipt) == null) {
      lookLater(1);
    }
  }

  private void lookLater(int looks) {
    var _ = timer.schedule(() -> look(looks), LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look(int looks) {
    if (memory.isTight() && looks < MOST_LOOKS) {
      lookLater(looks + 1);
      return;
    }
    Receipt receipt = waiting.getAndSet(null);
    if (receipt != null) {
      tell(receipt);
    }
  }

  private static void tell(Receipt receipt) {
    receipt.link.send(
        GatewayFrame.newBuilder().setReceivedThrough(receipt.through).build(),
        FrameSize.SMALL_BYTES);
  }
}
