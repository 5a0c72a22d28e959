package io.vmqtt.simulation.client;

import io.vmqtt.testkit.history.History;
import io.vmqtt.testkit.history.SentMessage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A persistent session that subscribes while messages flow: from its SUBACK on it gets all. */
public final class LateSubscriber implements ClientOwner {
  private final Scene scene;
  private final String filter;
  private final Predicate<String> topics;
  private final SimulatedClient client;
  private History.@Nullable Watch watch;

  /**
   * A subscriber that begins at once.
   *
   * @param topics which topics the filter matches
   */
  public LateSubscriber(Scene scene, String id, String filter, Predicate<String> topics) {
    this.scene = scene;
    this.filter = filter;
    this.topics = topics;
    this.client = new SimulatedClient(scene, id, true, this);
  }

  @Override
  public void connected(boolean sessionPresent) {
    if (watch == null) {
      client.subscribe(filter, 1, this::subscribed);
    }
  }

  private void subscribed() {
    scene.history().note(client.id(), "has its SUBACK");
    watch = scene.history().watch(client.id(), topics);
  }

  @Override
  public void received(SentMessage message, boolean retained) {
    if (watch != null) {
      watch.received(message);
    }
  }
}
