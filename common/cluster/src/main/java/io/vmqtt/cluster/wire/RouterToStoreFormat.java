package io.vmqtt.cluster.wire;

import io.vmqtt.cluster.link.BatchFormat;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.proto.store.v1.RouterToStore;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Batches from a router to a store. */
public final class RouterToStoreFormat implements BatchFormat<RouterToStoreFrame, RouterToStore> {
  public static final RouterToStoreFormat INSTANCE = new RouterToStoreFormat();

  private RouterToStoreFormat() {}

  @Override
  public RouterToStore batch(
      @Nullable Peer hello, long sequence, long acknowledged, List<RouterToStoreFrame> frames) {
    RouterToStore.Builder batch =
        RouterToStore.newBuilder()
            .setSequence(sequence)
            .setAcknowledged(acknowledged)
            .addAllFrames(frames);
    if (hello != null) {
      batch.setHello(Hellos.of(hello));
    }
    return batch.build();
  }

  @Override
  public @Nullable Peer hello(RouterToStore batch) {
    return batch.hasHello() ? Hellos.peer(batch.getHello()) : null;
  }

  @Override
  public long sequence(RouterToStore batch) {
    return batch.getSequence();
  }

  @Override
  public long acknowledged(RouterToStore batch) {
    return batch.getAcknowledged();
  }

  @Override
  public List<RouterToStoreFrame> frames(RouterToStore batch) {
    return batch.getFramesList();
  }
}
