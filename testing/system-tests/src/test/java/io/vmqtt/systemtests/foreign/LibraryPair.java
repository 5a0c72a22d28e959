package io.vmqtt.systemtests.foreign;

import static org.awaitility.Awaitility.await;

import io.vmqtt.systemtests.Clients;
import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.ClientSettings;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.net.Address;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Two clients of a Java library. */
final class LibraryPair extends Pair {
  private final RecordingClient publisher;
  private final RecordingClient subscriber;
  private final AtomicLong sequence = new AtomicLong();

  LibraryPair(ClientLibrary library, Address broker, Clients clients) {
    super(library.name());
    this.subscriber = clients.create(library, settings(broker, subscriber()));
    this.publisher = clients.create(library, settings(broker, publisher()));
    subscriber.connect();
    subscriber.subscribe(subscriber(), 2);
    publisher.connect();
  }

  /** A second address, the same: with only one a client does not return by itself. */
  private static ClientSettings settings(Address broker, String id) {
    return ClientSettings.of(broker, id)
        .withPersistentSession()
        .returningTo(List.of(broker, broker));
  }

  @Override
  void publish() {
    for (long taken = 1; !isStopped(); taken++) {
      if (!isTaken()) {
        await().forever().pollInterval(Duration.ofMillis(5)).until(() -> isStopped() || isTaken());
      }
      keepPace(taken);
    }
  }

  /**
   * Whether the library has taken the next message: then it is its own to bring home. Paho takes
   * none without a connection, nor more at a time than it was told.
   */
  private boolean isTaken() {
    String payload = kind() + ':' + sequence.incrementAndGet();
    return !publisher.publishAsync(subscriber(), payload, 2, false).isCompletedExceptionally();
  }

  @Override
  List<String> handedOver() {
    return subscriber.inbox().payloads();
  }
}
