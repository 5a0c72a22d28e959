package io.vmqtt.cluster.wire;

import io.vmqtt.cluster.link.BatchFormat;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.GatewayToRouter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Batches from a gateway to a router. */
public final class GatewayToRouterFormat implements BatchFormat<GatewayFrame, GatewayToRouter> {
  public static final GatewayToRouterFormat INSTANCE = new GatewayToRouterFormat();

  private GatewayToRouterFormat() {}

  @Override
  public GatewayToRouter batch(
      @Nullable Peer hello, long sequence, long acknowledged, List<GatewayFrame> frames) {
    GatewayToRouter.Builder batch =
        GatewayToRouter.newBuilder()
            .setSequence(sequence)
            .setAcknowledged(acknowledged)
            .addAllFrames(frames);
    if (hello != null) {
      batch.setHello(Hellos.of(hello));
    }
    return batch.build();
  }

  @Override
  public @Nullable Peer hello(GatewayToRouter batch) {
    return batch.hasHello() ? Hellos.peer(batch.getHello()) : null;
  }

  @Override
  public long sequence(GatewayToRouter batch) {
    return batch.getSequence();
  }

  @Override
  public long acknowledged(GatewayToRouter batch) {
    return batch.getAcknowledged();
  }

  @Override
  public List<GatewayFrame> frames(GatewayToRouter batch) {
    return batch.getFramesList();
  }
}
