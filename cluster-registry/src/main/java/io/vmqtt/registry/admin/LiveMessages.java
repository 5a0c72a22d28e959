package io.vmqtt.registry.admin;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vmqtt.cluster.operation.MessageQuery;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Operators who hear messages by this registry as they come, {@link #MOST_LISTENERS} at a time. A
 * virtual thread reads for each, as fast as its operator takes what is read, and for as long as he
 * may. Safe from any thread.
 */
@Singleton
final class LiveMessages implements AutoCloseable {
  static final int MOST_LISTENERS = 16;

  /** Who has not begun to read by then has gone. */
  private static final Duration UNREAD = Duration.ofSeconds(10);

  private final KnownNodes known;
  private final Nodes nodes;
  private final Semaphore places = new Semaphore(MOST_LISTENERS);
  private final Set<MessageFeed> feeds = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("live-messages-", 0).factory());
  private final Scheduler scheduler = Schedulers.fromExecutorService(threads);

  LiveMessages(KnownNodes known, Nodes nodes, MeterRegistry meters) {
    this.known = known;
    this.nodes = nodes;
    Gauge.builder("vmqtt.registry.message.listeners", feeds, Set::size)
        .description("operators who are told of messages as they come")
        .register(meters);
  }

  /**
   * What is published from the moment on when the subscriptions are in force; before that there is
   * nothing. It fails with a {@link Problem} if too many listen, or no gateway does that.
   *
   * @param may whether who listens still may; when not, it ends
   */
  Mono<Flux<MessageFeed.Told>> listen(MessageQuery query, BooleanSupplier may) {
    return Mono.fromCallable(() -> begin(query, may)).subscribeOn(scheduler);
  }

  private Flux<MessageFeed.Told> begin(MessageQuery query, BooleanSupplier may)
      throws InterruptedException {
    if (!places.tryAcquire()) {
      throw Problem.tooMany(MOST_LISTENERS + " hear messages by this registry already");
    }
    boolean begun = false;
    try {
      MessageFeed feed = MessageFeed.begin(known, nodes, query, MessageFeed.Pauses.STANDARD);
      feeds.add(feed);
      begun = true;
      threads.execute(() -> endIfUnread(feed));
      return Flux.<MessageFeed.Told>generate(sink -> tell(feed, may, sink))
          .subscribeOn(scheduler)
          .doFinally(_ -> end(feed));
    } finally {
      if (!begun) {
        places.release();
      }
    }
  }

  private void endIfUnread(MessageFeed feed) {
    try {
      if (!feed.isReadWithin(UNREAD)) {
        end(feed);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void tell(
      MessageFeed feed, BooleanSupplier may, SynchronousSink<MessageFeed.Told> sink) {
    try {
      MessageFeed.Told next = feed.next();
      if (next == null || !may.getAsBoolean()) {
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
