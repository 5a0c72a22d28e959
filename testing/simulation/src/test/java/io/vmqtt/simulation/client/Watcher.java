package io.vmqtt.simulation.client;

import io.vmqtt.testkit.history.History;
import io.vmqtt.testkit.history.SentMessage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber from the middle of things: from its SUBACK on it gets all. A persistent session
 * subscribes once; a transient one anew with every connection, and what is owed to it ends there.
 */
public final class Watcher implements ClientOwner {
  private final Scene scene;
  private final String filter;
  private final Predicate<String> topics;
  private final boolean persistent;
  private final SimulatedClient client;
  private History.@Nullable Watch watch;

  /**
   * A watcher that begins at once.
   *
   * @param topics which topics the filter matches
   * @param persistent whether its session outlives its connections
   */
  public Watcher(
      Scene scene, String id, String filter, Predicate<String> topics, boolean persistent) {
    this.scene = scene;
    this.filter = filter;
    this.topics = topics;
    this.persistent = persistent;
    this.client = new SimulatedClient(scene, id, persistent, this);
  }

  @Override
  public void connected(boolean sessionPresent) {
    if (sessionPresent && !persistent) {
      scene.fail(client.id() + " has a session that should have ended");
    }
    if (watch == null) {
      client.subscribe(filter, 1, this::subscribed);
    }
  }

  private void subscribed() {
    scene.history().note(client.id(), "has its SUBACK");
    watch = scene.history().watch(client.id(), topics);
  }

  @Override
  public void disconnected() {
    if (watch != null && !persistent) {
      watch.end();
      watch = null;
    }
  }

  @Override
  public void received(SentMessage message, boolean retained, boolean dup) {
    if (watch != null) {
      watch.received(message);
    }
  }

  public SimulatedClient client() {
    return client;
  }
}
