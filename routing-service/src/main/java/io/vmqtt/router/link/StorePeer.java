package io.vmqtt.router.link;

import io.vmqtt.proto.message.v1.PublishRefusal;
import io.vmqtt.proto.message.v1.PublishResults;
import io.vmqtt.proto.store.v1.RouterToStoreFrame;
import io.vmqtt.router.publish.PublishSource;

/**
 * A store as the router knows it: where the leaders of shards are, and a source of wills. Confined
 * to the router's thread.
 */
final class StorePeer implements PublishSource {
  final String nodeId;
  final Outbox<RouterToStoreFrame> outbox;

  StorePeer(String nodeId, Outbox<RouterToStoreFrame> outbox) {
    this.nodeId = nodeId;
    this.outbox = outbox;
  }

  @Override
  public void succeeded(long sequence, boolean matched) {
    answer(PublishResults.newBuilder().addSucceeded(sequence).build());
  }

  @Override
  public void refused(long sequence, int reasonCode) {
    answer(
        PublishResults.newBuilder()
            .addRefused(PublishRefusal.newBuilder().setSequence(sequence).setReasonCode(reasonCode))
            .build());
  }

  private void answer(PublishResults results) {
    outbox.add(RouterToStoreFrame.newBuilder().setResults(results).build(), 16);
  }
}
