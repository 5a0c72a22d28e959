package io.vmqtt.store.link;

import io.grpc.stub.StreamObserver;
import io.vmqtt.cluster.link.LinkEnds;
import io.vmqtt.cluster.link.LinkMetrics;
import io.vmqtt.cluster.wire.LinkFormat;
import io.vmqtt.proto.store.v1.RouterToStore;
import io.vmqtt.proto.store.v1.SessionStoreGrpc;
import io.vmqtt.proto.store.v1.StoreToRouter;

/** The gRPC service: every call is a link. */
public final class StoreService extends SessionStoreGrpc.SessionStoreImplBase {
  private final LinkEnds ends;
  private final RouterLinks links;
  private final LinkMetrics metrics;

  public StoreService(LinkEnds ends, RouterLinks links, LinkMetrics metrics) {
    this.ends = ends;
    this.links = links;
    this.metrics = metrics;
  }

  @Override
  public StreamObserver<RouterToStore> connect(StreamObserver<StoreToRouter> responses) {
    return ends.accept(
        responses, LinkFormat.STORE_TO_ROUTER, LinkFormat.ROUTER_TO_STORE, links, metrics);
  }
}
