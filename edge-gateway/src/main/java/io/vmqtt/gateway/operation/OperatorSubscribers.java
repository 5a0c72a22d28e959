package io.vmqtt.gateway.operation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.operation.DownloadTurns;
import io.vmqtt.cluster.operation.MessageQuery;
import io.vmqtt.cluster.operation.OperationRefusal;
import io.vmqtt.gateway.link.Lane;
import io.vmqtt.model.ClientId;
import io.vmqtt.model.ReasonCode;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Operators who hear messages by this gateway as they come: {@link #MOST} at a time. One who reads
 * nothing for a minute, not even that nothing came, is given up. Safe from any thread.
 */
public final class OperatorSubscribers implements AutoCloseable {
  /** At a time. */
  public static final int MOST = 16;

  private static final long PATIENCE_SECONDS = 10;

  private final List<Lane> lanes;
  private final Counter leftOut;
  private final SecureRandom random = new SecureRandom();
  private final AtomicInteger turn = new AtomicInteger();
  private final Set<OperatorSubscriber> there = ConcurrentHashMap.newKeySet();
  private final DownloadTurns turns =
      new DownloadTurns(
          MOST, "there are " + MOST + " who hear messages, as many as may be", System::nanoTime);
  private volatile boolean closed;

  /**
   * Nobody yet.
   *
   * @param lanes what subscribes; they take turns
   */
  public OperatorSubscribers(List<Lane> lanes, MeterRegistry meters) {
    this.lanes = List.copyOf(lanes);
    this.leftOut =
        Counter.builder("vmqtt.gateway.operator.messages.left.out")
            .description("messages that operators subscribed to, and read too slowly")
            .register(meters);
    Gauge.builder("vmqtt.gateway.operator.subscribers", there, Set::size)
        .description("operators who hear messages by this gateway as they come")
        .register(meters);
  }

  /**
   * What is published from now on, as lines of JSON. It waits until the subscriptions are in force.
   *
   * @throws OperationRefusal if there are too many
   * @throws IOException if nobody says in time that they are in force
   */
  InputStream open(MessageQuery query) throws IOException, InterruptedException {
    DownloadTurns.Turn place = turns.take();
    Lane lane = lanes.get(Math.floorMod(turn.getAndIncrement(), lanes.size()));
    HeardMessages heard = new HeardMessages(leftOut::increment);
    OperatorSubscriber subscriber =
        new OperatorSubscriber(lane, "operator-" + ClientId.assign(random), query, heard);
    there.add(subscriber);
    boolean begun = false;
    try {
      subscriber.begin();
      await(subscriber);
      begun = true;
      return place.holds(
          new HeardLines(heard, query.payloads(), subscriber::taken, () -> end(subscriber)));
    } finally {
      if (!begun) {
        end(subscriber);
        place.close();
      }
    }
  }

  private void await(OperatorSubscriber subscriber) throws IOException, InterruptedException {
    if (closed) {
      throw new IOException("this gateway stops");
    }
    try {
      ReasonCode reason =
          subscriber.inForce().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (reason != ReasonCode.SUCCESS) {
        throw new IOException("no subscription: " + reason.name().toLowerCase(Locale.ROOT));
      }
    } catch (ExecutionException e) {
      throw new IOException("no subscription", e.getCause());
    } catch (TimeoutException e) {
      throw new IOException(
          "the subscription is not in force on every node after " + PATIENCE_SECONDS + " s", e);
    }
  }

  private void end(OperatorSubscriber subscriber) {
    subscriber.end();
    there.remove(subscriber);
  }

  /** Whoever reads is told that it ends. */
  @Override
  public void close() {
    closed = true;
    List.copyOf(there).forEach(this::end);
  }
}
