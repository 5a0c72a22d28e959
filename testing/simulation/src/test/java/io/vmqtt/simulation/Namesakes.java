package io.vmqtt.simulation;

import io.vmqtt.simulation.client.Newcomer;
import io.vmqtt.simulation.client.Publisher;
import io.vmqtt.simulation.client.Scene;
import io.vmqtt.simulation.client.StateKeeper;
import io.vmqtt.simulation.client.Subscriber;
import io.vmqtt.simulation.client.Watcher;
import io.vmqtt.testkit.history.Invariant;
import io.vmqtt.testkit.history.NewcomerHearsTheLast;
import io.vmqtt.testkit.history.NoAcknowledgedMessageLost;
import io.vmqtt.testkit.history.OrderPerPublisherAndTopic;
import io.vmqtt.testkit.history.QosTwoExactlyOnce;
import io.vmqtt.testkit.history.RetainedNeverGoesBack;
import io.vmqtt.testkit.history.SubackMeansSubscribed;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Clients of another namespace: they have the ids and topics of the first one's, and nothing else
 * to do with them.
 */
final class Namesakes {
  private final Scene scene;
  private final Subscriber subscriber;
  private @Nullable Publisher publisher;
  private @Nullable StateKeeper keeper;

  /** A subscriber that begins at once. */
  Namesakes(Scene scene) {
    this.scene = scene;
    this.subscriber =
        new Subscriber(scene, "subscriber-all", "#", topic -> topic.startsWith("t/"), 2);
  }

  boolean isSubscribed() {
    return subscriber.isSubscribed();
  }

  /** The others begin. */
  void begin() {
    publisher = new Publisher(scene, "publisher-2", "t/2", 2);
    keeper = new StateKeeper(scene, "keeper-1", "s/1", 1);
    var _ = new Watcher(scene, "watcher", "t/#", topic -> topic.startsWith("t/"), false);
    newcomer("newcomer-1");
  }

  private void newcomer(String id) {
    var _ = new Newcomer(scene, id, "+/1", List.of("s/1"), 1, false);
  }

  void stop() {
    Objects.requireNonNull(publisher).stop();
    Objects.requireNonNull(keeper).stop();
  }

  /** Whether everything that they published is acknowledged. */
  boolean isDone() {
    return Objects.requireNonNull(publisher).isDone() && Objects.requireNonNull(keeper).isDone();
  }

  /** One more comes, when all is quiet. */
  void lastNewcomer() {
    newcomer("newcomer-after-all");
  }

  boolean isComplete() {
    return scene.history().isComplete();
  }

  void mustKeepTheirPromises() {
    Invariant[] invariants = {
      new NoAcknowledgedMessageLost(),
      new OrderPerPublisherAndTopic(),
      new QosTwoExactlyOnce(),
      new SubackMeansSubscribed(),
      new RetainedNeverGoesBack(),
      new NewcomerHearsTheLast()
    };
    scene.mustKeep(invariants);
  }
}
