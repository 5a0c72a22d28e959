package io.vmqtt.simulation.client;

import io.vmqtt.testkit.history.SentMessage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Replaces the retained message of a topic, again and again, and has it read. */
public final class Retainer implements ClientOwner {
  private static final String TOPIC = "retained";
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(700);
  private static final long READ_NANOS = TimeUnit.SECONDS.toNanos(40);

  private final Scene scene;
  private final SimulatedClient client;
  private long lastSequence;
  private boolean stopped;
  private int openReads;

  /** Begins at once. */
  public Retainer(Scene scene) {
    this.scene = scene;
    this.client = new SimulatedClient(scene, "retainer", true, this);
    replaceOn();
  }

  private void replaceOn() {
    if (!stopped) {
      if (client.underWay() == 0) {
        client.publish(new SentMessage(client.id(), TOPIC, 1, ++lastSequence), true);
      }
      scene.time().after(PAUSE_NANOS, this::replaceOn);
    }
  }

  @Override
  public void acknowledged(SentMessage message) {
    scene.history().retainedAcknowledged(message);
  }

  /** Has the message read by a new client; it tries again if it is disturbed. */
  public void read(String reader) {
    openReads++;
    Reading reading = new Reading();
    SimulatedClient one = new SimulatedClient(scene, reader, false, reading);
    reading.client = one;
  }

  /** Begins nothing new. */
  public void stop() {
    stopped = true;
  }

  /** Whether everything is published. */
  public boolean isDone() {
    return stopped && client.underWay() == 0;
  }

  /** Whether every reader has the message, or has waited long enough. */
  public boolean isRead() {
    return openReads == 0;
  }

  /** One reader: the first that it gets, or nothing for a long time. */
  private final class Reading implements ClientOwner {
    private @Nullable SimulatedClient client;
    private long lastAcknowledged;
    private boolean reads;
    private int attempts;

    @Override
    public void connected(boolean sessionPresent) {
      SimulatedClient one = client;
      if (one != null) {
        lastAcknowledged = scene.history().lastRetained(TOPIC);
        one.subscribe(TOPIC, 1, this::subscribed);
      }
    }

    private void subscribed() {
      reads = true;
      int attempt = ++attempts;
      scene
          .time()
          .after(
              READ_NANOS,
              () -> {
                if (attempt == attempts) {
                  finish(null);
                }
              });
    }

    @Override
    public void received(SentMessage message, boolean retained, boolean dup) {
      if (retained || message.sequence() >= lastAcknowledged) { // one may come live meanwhile
        finish(message);
      }
    }

    @Override
    public void disconnected() {
      reads = false;
    }

    private void finish(@Nullable SentMessage message) {
      if (reads) {
        reads = false;
        openReads--;
        scene.history().retainedRead(TOPIC, lastAcknowledged, message);
        if (client != null) {
          client.end();
        }
      }
    }
  }
}
