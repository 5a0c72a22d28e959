package io.vmqtt.systemtests;

import io.vmqtt.testkit.client.ClientLibrary;
import io.vmqtt.testkit.client.ClientSettings;
import io.vmqtt.testkit.client.RecordingClient;
import io.vmqtt.testkit.net.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The clients of one test: closed when it is over. */
public final class Clients implements AfterEachCallback {
  private final List<RecordingClient> open = new ArrayList<>();

  /** A connected client with a transient session. */
  public RecordingClient connect(ClientLibrary library, Address broker) {
    RecordingClient client =
        create(library, ClientSettings.of(broker, Names.client(library.name())));
    client.connect();
    return client;
  }

  /** A client that is not connected yet. */
  public RecordingClient create(ClientLibrary library, ClientSettings settings) {
    RecordingClient client = library.create(settings);
    synchronized (open) {
      open.add(client);
    }
    return client;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    List<RecordingClient> toClose;
    synchronized (open) {
      toClose = List.copyOf(open);
      open.clear();
    }
    // All at once: Paho takes its time.
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      toClose.forEach(client -> threads.execute(client::close));
    }
  }
}
