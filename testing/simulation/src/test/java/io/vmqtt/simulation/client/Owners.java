package io.vmqtt.simulation.client;

import io.vmqtt.testkit.history.History;
import io.vmqtt.testkit.history.SentMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One client id that connects again and again, while the connections before still speak. */
public final class Owners {
  private static final String ID = "wanderer";
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500);
  private static final long SPEAK_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  private final Scene scene;
  private long lastSequence;
  private boolean stopped;

  /** Begins at once. */
  public Owners(Scene scene) {
    this.scene = scene;
    connectOn();
  }

  private void connectOn() {
    if (!stopped) {
      Owner owner = new Owner();
      owner.client = new SimulatedClient(scene, ID, true, owner);
      scene.time().after(PAUSE_NANOS, this::connectOn);
    }
  }

  /** Nobody else comes. */
  public void stop() {
    stopped = true;
  }

  /** One connection: it does not come back. */
  private final class Owner implements ClientOwner {
    private final Map<SentMessage, Long> sentAtNanos = new HashMap<>();
    private @Nullable SimulatedClient client;
    private History.@Nullable Ownership ownership;

    @Override
    public void connected(boolean sessionPresent) {
      SimulatedClient one = client;
      if (one != null) {
        ownership = scene.history().connected(ID, one.calledNanos(), scene.time().getAsLong());
      }
      speakOn();
    }

    private void speakOn() {
      SimulatedClient speaking = client;
      if (speaking != null && speaking.isConnected()) {
        SentMessage message = new SentMessage(ID, ID, 1, ++lastSequence);
        sentAtNanos.put(message, scene.time().getAsLong());
        speaking.publish(message, false);
        scene.time().after(SPEAK_NANOS, this::speakOn);
      }
    }

    @Override
    public void acknowledged(SentMessage message) {
      Long sent = sentAtNanos.remove(message);
      if (sent != null && ownership != null) {
        ownership.answered(sent);
      }
    }

    @Override
    public void disconnected() {
      if (client != null) {
        client.end();
      }
    }
  }
}
