package io.vmqtt.systemtests.foreign;

import static org.awaitility.Awaitility.await;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.systemtests.Names;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.ClientSettings;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.net.Address;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Two clients of a Java library. */
final class LibraryPair implements Pair {
  private final ClientLibrary library;
  private final String publisherId;
  private final String subscriberId;
  private final RecordingClient publisher;
  private final RecordingClient subscriber;
  private final AtomicLong sequence = new AtomicLong();
  private final AtomicBoolean stopped = new AtomicBoolean();

  LibraryPair(ClientLibrary library, Address broker, Clients clients) {
    this.library = library;
    this.publisherId = Names.client(library + "-publisher");
    this.subscriberId = Names.client(library + "-subscriber");
    this.subscriber = clients.create(library, settings(broker, subscriberId));
    this.publisher = clients.create(library, settings(broker, publisherId));
    subscriber.connect();
    subscriber.subscribe(subscriberId, 2);
    publisher.connect();
  }

  /** A second address, the same: with only one a client does not return by itself. */
  private static ClientSettings settings(Address broker, String id) {
    return ClientSettings.of(broker, id)
        .withPersistentSession()
        .returningTo(List.of(broker, broker));
  }

  @Override
  public void begin() {
    Thread.ofVirtual().name(library + "-publish").start(this::publish);
  }

  private void publish() {
    for (long taken = 1; !stopped.get(); taken++) {
      if (!isTaken()) {
        await()
            .forever()
            .pollInterval(Duration.ofMillis(5))
            .until(() -> stopped.get() || isTaken());
      }
      keepPace(taken, stopped::get);
    }
  }

  /**
   * Whether the library has taken the next message: then it is its own to bring home. Paho takes
   * none without a connection, nor more at a time than it was told.
   */
  private boolean isTaken() {
    String payload = library + ":" + sequence.incrementAndGet();
    return !publisher.publishAsync(subscriberId, payload, 2, false).isCompletedExceptionally();
  }

  @Override
  public String kind() {
    return library.name();
  }

  @Override
  public String publisher() {
    return publisherId;
  }

  @Override
  public String subscriber() {
    return subscriberId;
  }

  @Override
  public List<String> handedOver() {
    return subscriber.inbox().payloads();
  }

  @Override
  public void stopPublishing() {
    stopped.set(true);
  }

  @Override
  public void close() {
    stopPublishing();
  }
}
