package io.vmqtt.router.link;

import io.vmqtt.proto.message.v1.PublishRefusal;
import io.vmqtt.proto.message.v1.PublishResults;
import io.vmqtt.proto.routing.v1.RouterFrame;
import io.vmqtt.router.publish.InHand;
import io.vmqtt.router.publish.PublishSource;
import io.vmqtt.router.publish.Undelivered;
import io.vmqtt.router.routes.Origin;
import java.util.function.Consumer;

/**
 * A gateway as the router knows it: a destination, for its transient sessions, and a source of
 * publishes. It outlives its link for a while. Confined to the router's thread.
 */
final class GatewayPeer implements Destination, PublishSource {
  final String nodeId;
  final long process;
  final Outbox<RouterFrame> outbox;
  final Undelivered<RouterFrame> undelivered;
  final InHand<RouterFrame> inHand = new InHand<>();

  /** True once its routes are complete: from then on, what it misses is kept for it. */
  boolean inSync;

  /** Counts its links, up and down: a timer that was set at another count is void. */
  int links;

  private final Origin<Destination> origin;
  private final PublishResults.Builder results = PublishResults.newBuilder();
  private final Runnable hasResults;
  private int resultCount;

  GatewayPeer(
      String nodeId,
      long process,
      Outbox<RouterFrame> outbox,
      long maxUndeliveredBytes,
      Consumer<GatewayPeer> hasResults) {
    this.nodeId = nodeId;
    this.process = process;
    this.outbox = outbox;
    this.origin = new Origin<>(this, outbox::isUp);
    this.undelivered = new Undelivered<>(maxUndeliveredBytes);
    this.hasResults = () -> hasResults.accept(this);
  }

  @Override
  public Origin<Destination> origin() {
    return origin;
  }

  @Override
  public boolean isFull() {
    return undelivered.isFull();
  }

  /** It stores nothing. */
  @Override
  public boolean hasRoom() {
    return true;
  }

  @Override
  public void succeeded(long sequence, boolean matched) {
    if (matched) {
      results.addSucceeded(sequence);
    } else {
      results.addUnmatched(sequence);
    }
    resultAdded();
  }

  @Override
  public void refused(long sequence, int reasonCode) {
    results.addRefused(PublishRefusal.newBuilder().setSequence(sequence).setReasonCode(reasonCode));
    resultAdded();
  }

  private void resultAdded() {
    if (resultCount++ == 0) {
      hasResults.run();
    }
  }

  /** Moves the gathered results to the outbox. */
  void sendResults() {
    outbox.add(RouterFrame.newBuilder().setResults(results.build()).build(), 8 + 5 * resultCount);
    results.clear();
    resultCount = 0;
  }
}
