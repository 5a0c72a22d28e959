package io.vmqtt.simulation.client;

import io.vmqtt.testkit.history.SentMessage;
import java.util.function.Predicate;

/** A persistent session that subscribes once. */
public final class Subscriber implements ClientOwner {
  private final Scene scene;
  private final String filter;
  private final Predicate<String> topics;
  private final int qos;
  private final SimulatedClient client;
  private boolean subscribed;

  /**
   * A subscriber that begins at once.
   *
   * @param topics which topics the filter matches
   */
  public Subscriber(Scene scene, String id, String filter, Predicate<String> topics, int qos) {
    this.scene = scene;
    this.filter = filter;
    this.topics = topics;
    this.qos = qos;
    this.client = new SimulatedClient(scene, id, true, this);
  }

  @Override
  public void connected(boolean sessionPresent) {
    if (!subscribed) {
      client.subscribe(filter, qos, this::subscribed);
    }
  }

  private void subscribed() {
    if (!subscribed) {
      subscribed = true;
      scene.history().note(client.id(), "has its SUBACK");
      scene.history().subscribed(client.id(), topics);
    }
  }

  @Override
  public void received(SentMessage message, boolean retained, boolean dup) {
    scene.history().received(client.id(), message);
  }

  public SimulatedClient client() {
    return client;
  }

  public boolean isSubscribed() {
    return subscribed;
  }
}
