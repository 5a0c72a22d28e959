package io.vmqtt.simulation.client;

import io.vmqtt.testkit.history.SentMessage;
import java.util.concurrent.TimeUnit;

/** Publishes message after message to a topic of its own, a few at once. */
public final class Publisher implements ClientOwner {
  private static final int WINDOW = 4;
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  private final Scene scene;
  private final SimulatedClient client;
  private final String topic;
  private final int qos;
  private long lastSequence;
  private boolean stopped;

  /** A publisher that begins at once. */
  public Publisher(Scene scene, String id, String topic, int qos) {
    this.scene = scene;
    this.topic = topic;
    this.qos = qos;
    this.client = new SimulatedClient(scene, id, true, this);
    publishOn();
  }

  private void publishOn() {
    if (!stopped) {
      if (client.underWay() < WINDOW) {
        client.publish(new SentMessage(client.id(), topic, qos, ++lastSequence), false);
      }
      scene.time().after(scene.random().nextLong(LONGEST_PAUSE_NANOS), this::publishOn);
    }
  }

  @Override
  public void acknowledged(SentMessage message) {
    scene.history().acknowledged(message);
  }

  public SimulatedClient client() {
    return client;
  }

  /** It begins nothing new. */
  public void stop() {
    stopped = true;
  }

  /** Whether everything that it has sent is finished. */
  public boolean isDone() {
    return stopped && client.underWay() == 0;
  }
}
