package io.vmqtt.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Namespace;
import io.vmqtt.simulation.client.Publisher;
import io.vmqtt.simulation.client.Scene;
import io.vmqtt.simulation.client.SimulatedClient;
import io.vmqtt.simulation.client.Subscriber;
import io.vmqtt.simulation.client.Watcher;
import io.vmqtt.simulation.cluster.Flaw;
import io.vmqtt.simulation.cluster.SimulatedCluster;
import io.vmqtt.testkit.history.NoAcknowledgedMessageLost;
import io.vmqtt.testkit.history.OrderPerPublisherAndTopic;
import io.vmqtt.testkit.history.QosTwoExactlyOnce;
import io.vmqtt.testkit.history.SentMessage;
import io.vmqtt.testkit.history.SubackMeansSubscribed;
import io.vmqtt.testkit.time.VirtualTime;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Links that stay cut: there is another way, and it is taken. */
class CutTest {
  private static final int PUBLISHERS = 8;
  private static final int NEWCOMERS = 8;
  private static final List<String> STORES = List.of("store-1", "store-2", "store-3");

  /** 3.5 s until the link counts as cut, 1.5 s until the router says so, 3 s until that counts. */
  private static final Duration UNTIL_NOTICED = Duration.ofSeconds(9);

  private static final Duration A_WHILE = Duration.ofSeconds(5);

  private final VirtualTime time = new VirtualTime();
  private final Random random = new Random(1);
  private final SimulatedCluster cluster = new SimulatedCluster(time, random, Flaw.NONE);
  private final Scene scene =
      new Scene(time, random, cluster.network(), cluster.gateways(), Namespace.NAMELESS);

  @Test
  void oneRouterFromOneStoreAfterTheOther_everybodyIsServedThroughTheOtherRouter() {
    new Subscriber(scene, "subscriber", "t/#", topic -> topic.startsWith("t/"), 2);
    time.advance(A_WHILE);
    List<Publisher> publishers =
        IntStream.range(0, PUBLISHERS)
            .mapToObj(i -> new Publisher(scene, "publisher-" + i, "t/" + i, 1 + i % 2))
            .toList();
    time.advance(A_WHILE);

    for (String store : STORES) {
      cluster.network().cut("router-1", store);
      time.advance(UNTIL_NOTICED);
      Set<SentMessage> before = new HashSet<>(scene.history().acknowledged());
      List<SimulatedClient> newcomers =
          IntStream.range(0, NEWCOMERS)
              .mapToObj(
                  i ->
                      new Watcher(
                              scene,
                              "from-" + store + "-" + i,
                              "t/#",
                              topic -> topic.startsWith("t/"),
                              i % 2 == 0)
                          .client())
              .toList();
      time.advance(A_WHILE);

      assertTrue(newcomers.stream().allMatch(SimulatedClient::isConnected), "cut from " + store);
      assertEquals(
          publishers.stream().map(one -> one.client().id()).collect(Collectors.toSet()),
          scene.history().acknowledged().stream()
              .filter(message -> !before.contains(message))
              .map(SentMessage::publisher)
              .collect(Collectors.toSet()),
          "acknowledged while router-1 is cut from " + store);
      cluster.network().heal("router-1", store);
      time.advance(A_WHILE);
    }

    publishers.forEach(Publisher::stop);
    time.advance(A_WHILE);
    scene
        .history()
        .mustKeep(
            new NoAcknowledgedMessageLost(),
            new OrderPerPublisherAndTopic(),
            new QosTwoExactlyOnce(),
            new SubackMeansSubscribed());
    assertEquals(List.of(), scene.problems());
  }
}
