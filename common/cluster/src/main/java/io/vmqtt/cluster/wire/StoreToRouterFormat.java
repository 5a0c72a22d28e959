package io.vmqtt.cluster.wire;

import io.vmqtt.cluster.link.BatchFormat;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.proto.store.v1.StoreToRouter;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Batches from a store to a router. */
public final class StoreToRouterFormat implements BatchFormat<StoreToRouterFrame, StoreToRouter> {
  public static final StoreToRouterFormat INSTANCE = new StoreToRouterFormat();

  private StoreToRouterFormat() {}

  @Override
  public StoreToRouter batch(
      @Nullable Peer hello, long sequence, long acknowledged, List<StoreToRouterFrame> frames) {
    StoreToRouter.Builder batch =
        StoreToRouter.newBuilder()
            .setSequence(sequence)
            .setAcknowledged(acknowledged)
            .addAllFrames(frames);
    if (hello != null) {
      batch.setHello(Hellos.of(hello));
    }
    return batch.build();
  }

  @Override
  public @Nullable Peer hello(StoreToRouter batch) {
    return batch.hasHello() ? Hellos.peer(batch.getHello()) : null;
  }

  @Override
  public long sequence(StoreToRouter batch) {
    return batch.getSequence();
  }

  @Override
  public long acknowledged(StoreToRouter batch) {
    return batch.getAcknowledged();
  }

  @Override
  public List<StoreToRouterFrame> frames(StoreToRouter batch) {
    return batch.getFramesList();
  }
}
