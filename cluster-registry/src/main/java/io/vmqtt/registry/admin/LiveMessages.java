package io.vmqtt.registry.admin;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.operation.MessageQuery;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;

/**
 * Operators who hear messages by this registry as they come, {@link #MOST_LISTENERS} at a time. A
 * virtual thread reads for each, as fast as its operator takes what is read. Safe from any thread.
 */
@Singleton
final class LiveMessages implements AutoCloseable {
  static final int MOST_LISTENERS = 16;

  private final KnownNodes known;
  private final Nodes nodes;
  private final Semaphore places = new Semaphore(MOST_LISTENERS);
  private final Set<MessageFeed> feeds = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("live-messages-", 0).factory());

  LiveMessages(KnownNodes known, Nodes nodes, MeterRegistry meters) {
    this.known = known;
    this.nodes = nodes;
    Gauge.builder("vmqtt.registry.message.listeners", feeds, Set::size)
        .description("operators who are told of messages as they come")
        .register(meters);
  }

  /**
   * What is published from now on; it waits until the subscriptions are in force.
   *
   * @throws Problem if too many listen, or no gateway does that
   */
  Flux<MessageFeed.Told> listen(MessageQuery query) throws InterruptedException {
    if (!places.tryAcquire()) {
      throw Problem.tooMany(MOST_LISTENERS + " hear messages by this registry already");
    }
    boolean begun = false;
    try {
      MessageFeed feed = MessageFeed.begin(known, nodes, query, MessageFeed.Pauses.STANDARD);
      feeds.add(feed);
      begun = true;
      return Flux.<MessageFeed.Told>generate(sink -> tell(feed, sink))
          .subscribeOn(Schedulers.fromExecutorService(threads))
          .doFinally(_ -> end(feed));
    } finally {
      if (!begun) {
        places.release();
      }
    }
  }

  private static void tell(MessageFeed feed, SynchronousSink<MessageFeed.Told> sink) {
    try {
      MessageFeed.Told next = feed.next();
      if (next == null) {
        sink.complete();
      } else {
        sink.next(next);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      sink.complete();
    }
  }

  /** Nobody's event loop is to wait for a gateway. */
  private void end(MessageFeed feed) {
    if (feeds.remove(feed)) {
      places.release();
      Thread.ofVirtual().name("live-messages-end").start(feed::close);
    }
  }

  @Override
  @PreDestroy
  public void close() {
    List.copyOf(feeds).forEach(MessageFeed::close);
    threads.shutdownNow();
  }
}
