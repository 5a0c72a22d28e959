package io.vmqtt.simulation.client;

import io.vmqtt.testkit.history.SentMessage;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the state of a thing in the retained message of its topic: replaces it again and again, and
 * sometimes clears it.
 */
public final class StateKeeper implements ClientOwner {
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(150);
  private static final int ONE_OF_SO_MANY_CLEARS = 6;

  private final Scene scene;
  private final SimulatedClient client;
  private final String topic;
  private final int qos;
  private final Set<SentMessage> clearing = new HashSet<>();
  private long lastSequence;
  private boolean stopped;

  /** Begins at once. */
  public StateKeeper(Scene scene, String id, String topic, int qos) {
    this.scene = scene;
    this.topic = topic;
    this.qos = qos;
    this.client = new SimulatedClient(scene, id, true, this);
    replaceOn();
  }

  private void replaceOn() {
    if (stopped) {
      return;
    }
    if (client.underWay() == 0) { // what comes again must not be older than what came
      SentMessage message = new SentMessage(client.id(), topic, qos, ++lastSequence);
      boolean clears = scene.random().nextInt(ONE_OF_SO_MANY_CLEARS) == 0;
      if (clears) {
        clearing.add(message);
      }
      client.publish(
          message, clears ? SimulatedClient.Kind.CLEARING : SimulatedClient.Kind.RETAINED);
    }
    scene.time().after(scene.random().nextLong(LONGEST_PAUSE_NANOS), this::replaceOn);
  }

  @Override
  public void acknowledged(SentMessage message) {
    scene.history().stateAcknowledged(message, clearing.contains(message));
  }

  public SimulatedClient client() {
    return client;
  }

  /** Begins nothing new. */
  public void stop() {
    stopped = true;
  }

  /** Whether everything is published. */
  public boolean isDone() {
    return stopped && client.underWay() == 0;
  }
}
