package io.vmqtt.cluster.wire;

import io.vmqtt.cluster.link.BatchFormat;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.GatewayToRouter;
import io.vmqtt.proto.routing.v1.Hello;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.routing.v1.RouterToGateway;
import io.vmqtt.proto.store.v1.RouterToStore;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.proto.store.v1.StoreToRouter;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one direction of one kind of link. The four messages have the same fields; that is
 * all they share, because protobuf knows no generics.
 *
 * @param <F> frame
 * @param <B> batch
 */
public final class LinkFormat<F, B> implements BatchFormat<F, B> {
  public static final LinkFormat<GatewayFrame, GatewayToRouter> GATEWAY_TO_ROUTER =
      new LinkFormat<>(
          (hello, sequence, acknowledged, frames) -> {
            GatewayToRouter.Builder batch =
                GatewayToRouter.newBuilder()
                    .setSequence(sequence)
                    .setAcknowledged(acknowledged)
                    .addAllFrames(frames);
            return (hello == null ? batch : batch.setHello(hello)).build();
          },
          batch -> batch.hasHello() ? batch.getHello() : null,
          GatewayToRouter::getSequence,
          GatewayToRouter::getAcknowledged,
          GatewayToRouter::getFramesList);

  public static final LinkFormat<RouterFrame, RouterToGateway> ROUTER_TO_GATEWAY =
      new LinkFormat<>(
          (hello, sequence, acknowledged, frames) -> {
            RouterToGateway.Builder batch =
                RouterToGateway.newBuilder()
                    .setSequence(sequence)
                    .setAcknowledged(acknowledged)
                    .addAllFrames(frames);
            return (hello == null ? batch : batch.setHello(hello)).build();
          },
          batch -> batch.hasHello() ? batch.getHello() : null,
          RouterToGateway::getSequence,
          RouterToGateway::getAcknowledged,
          RouterToGateway::getFramesList);

  public static final LinkFormat<RouterToStoreFrame, RouterToStore> ROUTER_TO_STORE =
      new LinkFormat<>(
          (hello, sequence, acknowledged, frames) -> {
            RouterToStore.Builder batch =
                RouterToStore.newBuilder()
                    .setSequence(sequence)
                    .setAcknowledged(acknowledged)
                    .addAllFrames(frames);
            return (hello == null ? batch : batch.setHello(hello)).build();
          },
          batch -> batch.hasHello() ? batch.getHello() : null,
          RouterToStore::getSequence,
          RouterToStore::getAcknowledged,
          RouterToStore::getFramesList);

  public static final LinkFormat<StoreToRouterFrame, StoreToRouter> STORE_TO_ROUTER =
      new LinkFormat<>(
          (hello, sequence, acknowledged, frames) -> {
            StoreToRouter.Builder batch =
                StoreToRouter.newBuilder()
                    .setSequence(sequence)
                    .setAcknowledged(acknowledged)
                    .addAllFrames(frames);
            return (hello == null ? batch : batch.setHello(hello)).build();
          },
          batch -> batch.hasHello() ? batch.getHello() : null,
          StoreToRouter::getSequence,
          StoreToRouter::getAcknowledged,
          StoreToRouter::getFramesList);

  private final Maker<F, B> maker;
  private final Function<B, @Nullable Hello> hello;
  private final ToLongFunction<B> sequence;
  private final ToLongFunction<B> acknowledged;
  private final Function<B, List<F>> frames;

  @FunctionalInterface
  private interface Maker<F, B> {
    B batch(@Nullable Hello hello, long sequence, long acknowledged, List<F> frames);
  }

  private LinkFormat(
      Maker<F, B> maker,
      Function<B, @Nullable Hello> hello,
      ToLongFunction<B> sequence,
      ToLongFunction<B> acknowledged,
      Function<B, List<F>> frames) {
    this.maker = maker;
    this.hello = hello;
    this.sequence = sequence;
    this.acknowledged = acknowledged;
    this.frames = frames;
  }

  @Override
  public B batch(@Nullable Peer self, long number, long through, List<F> content) {
    return maker.batch(self == null ? null : Hellos.of(self), number, through, content);
  }

  @Override
  public @Nullable Peer hello(B batch) {
    Hello introduction = hello.apply(batch);
    return introduction == null ? null : Hellos.peer(introduction);
  }

  @Override
  public long sequence(B batch) {
    return sequence.applyAsLong(batch);
  }

  @Override
  public long acknowledged(B batch) {
    return acknowledged.applyAsLong(batch);
  }

  @Override
  public List<F> frames(B batch) {
    return frames.apply(batch);
  }
}
