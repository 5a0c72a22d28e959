package io.vmqtt.simulation.client;

import io.vmqtt.testkit.history.Hearing;
import io.vmqtt.testkit.history.SentMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Subscribes in the middle of things and stays: it is to hear what is retained, and what comes, in
 * one order. A persistent session subscribes once; a transient one anew with every connection.
 */
public final class Newcomer implements ClientOwner {
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final Scene scene;
  private final String filter;
  private final List<String> topics;
  private final int qos;
  private final boolean persistent;
  private final SimulatedClient client;
  private final List<Hearing> hearings = new ArrayList<>();

  /**
   * One that comes now.
   *
   * @param topics what the filter matches
   * @param persistent whether its session outlives its connections
   */
  public Newcomer(
      Scene scene, String id, String filter, List<String> topics, int qos, boolean persistent) {
    this.scene = scene;
    this.filter = filter;
    this.topics = topics;
    this.qos = qos;
    this.persistent = persistent;
    this.client = new SimulatedClient(scene, id, persistent, this);
  }

  @Override
  public void connected(boolean sessionPresent) {
    if (hearings.isEmpty()) {
      topics.forEach(topic -> hearings.add(scene.history().hearing(client.id(), topic)));
      client.subscribe(filter, qos, this::subscribed);
    }
  }

  /** It asks once more later: what is retained then comes among what is live. */
  private void subscribed() {
    hearings.forEach(Hearing::subscribed);
    scene.time().after(scene.random().nextLong(LONGEST_PAUSE_NANOS), this::subscribeAgain);
  }

  private void subscribeAgain() {
    if (!hearings.isEmpty() && client.isConnected()) {
      client.subscribe(filter, qos, () -> scene.history().note(client.id(), "subscribed again"));
    }
  }

  /** What a transient one hears ends here; so does what was retained for a persistent one. */
  @Override
  public void disconnected() {
    if (!persistent || hearings.stream().anyMatch(hearing -> !hearing.hasHeard())) {
      hearings.forEach(Hearing::end);
      hearings.clear();
    }
  }

  @Override
  public void received(SentMessage message, boolean retained, boolean dup) {
    int at = topics.indexOf(message.topic());
    if (at >= 0 && !hearings.isEmpty()) {
      scene
          .history()
          .note(
              client.id(),
              "hears " + message + (retained ? " as retained" : "") + (dup ? " again" : ""));
      hearings.get(at).received(message, retained, dup);
    }
  }
}
