package io.vmqtt.simulation.client;

import io.vmqtt.testkit.history.SentMessage;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A persistent session that gets messages with a short life, and loses its connection upon some of
 * them before it can acknowledge. Their delivery has begun: they must come again, however late
 * [MQTT-4.4.0-1].
 */
public final class Forgetful implements ClientOwner {
  private static final String TOPIC = "brief";
  private static final long LIFE_MILLIS = 400;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private final Scene scene;
  private final SimulatedClient client;
  private final SimulatedClient publisher;
  private final Set<SentMessage> seen = new HashSet<>();
  private final Set<SentMessage> begun = new HashSet<>();
  private boolean subscribed;
  private boolean stopped;
  private long lastSequence;

  /** Begins at once. */
  public Forgetful(Scene scene) {
    this.scene = scene;
    this.client = new SimulatedClient(scene, "forgetful", true, this);
    this.publisher = new SimulatedClient(scene, "brief-publisher", true, new ClientOwner() {});
    publishOn();
  }

  private void publishOn() {
    if (!stopped) {
      int qos = scene.random().nextInt(1, 3);
      long expiresAtMillis = TimeUnit.NANOSECONDS.toMillis(scene.time().getAsLong()) + LIFE_MILLIS;
      publisher.publish(
          new SentMessage(publisher.id(), TOPIC, qos, ++lastSequence),
          SimulatedClient.Kind.PLAIN,
          expiresAtMillis);
      scene.time().after(PAUSE_NANOS, this::publishOn);
    }
  }

  @Override
  public void connected(boolean sessionPresent) {
    if (!subscribed) {
      client.subscribe(TOPIC, 2, () -> subscribed = true);
    }
  }

  @Override
  public boolean takes(SentMessage message) {
    boolean first = seen.add(message);
    if (first && !stopped && scene.random().nextInt(3) == 0) {
      begun.add(message);
      scene.history().note(client.id(), "begins with and forgets " + message);
      return false;
    }
    begun.remove(message);
    return true;
  }

  public SimulatedClient client() {
    return client;
  }

  /** Nothing new is published. */
  public void stop() {
    stopped = true;
  }

  /** Whether everything that had begun has come again. */
  public boolean isDone() {
    return begun.isEmpty();
  }
}
