package io.vmqtt.cluster.wire;

import io.vmqtt.cluster.link.BatchFormat;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.routing.v1.RouterToGateway;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Batches from a router to a gateway. */
public final class RouterToGatewayFormat implements BatchFormat<RouterFrame, RouterToGateway> {
  public static final RouterToGatewayFormat INSTANCE = new RouterToGatewayFormat();

  private RouterToGatewayFormat() {}

  @Override
  public RouterToGateway batch(
      @Nullable Peer hello, long sequence, long acknowledged, List<RouterFrame> frames) {
    RouterToGateway.Builder batch =
        RouterToGateway.newBuilder()
            .setSequence(sequence)
            .setAcknowledged(acknowledged)
            .addAllFrames(frames);
    if (hello != null) {
      batch.setHello(Hellos.of(hello));
    }
    return batch.build();
  }

  @Override
  public @Nullable Peer hello(RouterToGateway batch) {
    return batch.hasHello() ? Hellos.peer(batch.getHello()) : null;
  }

  @Override
  public long sequence(RouterToGateway batch) {
    return batch.getSequence();
  }

  @Override
  public long acknowledged(RouterToGateway batch) {
    return batch.getAcknowledged();
  }

  @Override
  public List<RouterFrame> frames(RouterToGateway batch) {
    return batch.getFramesList();
  }
}
