package io.vmqtt.simulation.client;

import io.vmqtt.testkit.history.History;
import io.vmqtt.testkit.history.SentMessage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A transient session that subscribes anew with every connection. */
public final class Watcher implements ClientOwner {
  private final Scene scene;
  private final String filter;
  private final Predicate<String> topics;
  private final SimulatedClient client;
  private History.@Nullable Watch watch;

  /**
   * A watcher that begins at once.
   *
   * @param topics which topics the filter matches
   */
  public Watcher(Scene scene, String id, String filter, Predicate<String> topics) {
    this.scene = scene;
    this.filter = filter;
    this.topics = topics;
    this.client = new SimulatedClient(scene, id, false, this);
  }

  @Override
  public void connected(boolean sessionPresent) {
    if (sessionPresent) {
      scene.fail(client.id() + " has a session that should have ended");
    }
    client.subscribe(
        filter,
        1,
        () -> {
          scene.history().note(client.id(), "has its SUBACK");
          watch = scene.history().watch(client.id(), topics);
        });
  }

  @Override
  public void disconnected() {
    if (watch != null) {
      watch.end();
      watch = null;
    }
  }

  @Override
  public void received(SentMessage message, boolean retained) {
    if (watch != null) {
      watch.received(message);
    }
  }

  public SimulatedClient client() {
    return client;
  }
}
