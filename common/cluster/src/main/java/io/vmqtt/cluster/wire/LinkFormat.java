package io.vmqtt.cluster.wire;

import io.vmqtt.cluster.link.BatchFormat;
import io.vmqtt.cluster.link.Envelope;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.GatewayToRouter;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.proto.routing.v1.RouterToGateway;
import io.vmqtt.proto.store.v1.RouterToStore;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.proto.store.v1.StoreToRouter;
import io.vmqtt.proto.store.v1.StoreToRouterFrame;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

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
          (envelope, frames) ->
              GatewayToRouter.newBuilder()
                  .setEnvelope(Envelopes.of(envelope))
                  .addAllFrames(frames)
                  .build(),
          batch -> Envelopes.read(batch.getEnvelope()),
          GatewayToRouter::getFramesList);

  public static final LinkFormat<RouterFrame, RouterToGateway> ROUTER_TO_GATEWAY =
      new LinkFormat<>(
          (envelope, frames) ->
              RouterToGateway.newBuilder()
                  .setEnvelope(Envelopes.of(envelope))
                  .addAllFrames(frames)
                  .build(),
          batch -> Envelopes.read(batch.getEnvelope()),
          RouterToGateway::getFramesList);

  public static final LinkFormat<RouterToStoreFrame, RouterToStore> ROUTER_TO_STORE =
      new LinkFormat<>(
          (envelope, frames) ->
              RouterToStore.newBuilder()
                  .setEnvelope(Envelopes.of(envelope))
                  .addAllFrames(frames)
                  .build(),
          batch -> Envelopes.read(batch.getEnvelope()),
          RouterToStore::getFramesList);

  public static final LinkFormat<StoreToRouterFrame, StoreToRouter> STORE_TO_ROUTER =
      new LinkFormat<>(
          (envelope, frames) ->
              StoreToRouter.newBuilder()
                  .setEnvelope(Envelopes.of(envelope))
                  .addAllFrames(frames)
                  .build(),
          batch -> Envelopes.read(batch.getEnvelope()),
          StoreToRouter::getFramesList);

  private final BiFunction<Envelope, List<F>, B> maker;
  private final Function<B, Envelope> envelope;
  private final Function<B, List<F>> frames;

  private LinkFormat(
      BiFunction<Envelope, List<F>, B> maker,
      Function<B, Envelope> envelope,
      Function<B, List<F>> frames) {
    this.maker = maker;
    this.envelope = envelope;
    this.frames = frames;
  }

  @Override
  public B batch(Envelope around, List<F> content) {
    return maker.apply(around, content);
  }

  @Override
  public Envelope envelope(B batch) {
    return envelope.apply(batch);
  }

  @Override
  public List<F> frames(B batch) {
    return frames.apply(batch);
  }
}
