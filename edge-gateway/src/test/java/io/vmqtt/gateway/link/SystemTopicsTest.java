package io.vmqtt.gateway.link;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.discovery.Node;
import io.vmqtt.cluster.discovery.Role;
import io.vmqtt.gateway.GatewayHarness;
import io.vmqtt.gateway.connection.ClientOutput.Outgoing;
import io.vmqtt.gateway.connection.SharedMessage;
import io.vmqtt.gateway.local.LocalSubscriptions;
import io.vmqtt.gateway.local.Subscriber;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Message;
import io.vmqtt.model.Qos;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.SubscriptionOptions;
import io.vmqtt.model.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who hears what a gateway says of itself. */
class SystemTopicsTest {
  private final GatewayHarness gateway = new GatewayHarness();
  private final SystemTopics system = gateway.gateway().system();
  private final List<Delivery> delivered = new ArrayList<>();
  private final LocalSubscriptions.OfSession session =
      gateway.gateway().localSubscriptions().newSession(new Recorder());

  private final class Recorder implements Subscriber {
    @Override
    public int lane() {
      return 0;
    }

    @Override
    public long publisher() {
      return 1;
    }

    @Override
    public int subscriptionCount() {
      return session.count();
    }

    @Override
    public void deliver(Outgoing message, Delivery delivery, @Nullable SharedMessage shared) {
      delivered.add(delivery);
    }

    @Override
    public boolean takesMore() {
      return true;
    }
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  private static Subscription subscription(String filter) {
    return new Subscription(
        TopicFilter.parse(filter), SubscriptionOptions.of(Qos.AT_LEAST_ONCE), 0);
  }

  private int heard() {
    gateway.loop.runAll();
    int count = delivered.size();
    delivered.clear();
    return count;
  }

  private Map<String, String> latest(String filter) {
    Map<String, String> texts = new HashMap<>();
    for (Message message : system.latest(TopicFilter.parse(filter))) {
      assertTrue(message.retain());
      texts.put(
          message.topic(), StandardCharsets.UTF_8.decode(message.payload().duplicate()).toString());
    }
    return texts;
  }

  @Test
  void tell_subscriber_hearsWhatIsOtherThanBefore() {
    session.add(subscription("$SYS/broker/#"));
    system.tell("$SYS/broker/", Map.of("uptime", "1", "version", "x"));
    assertEquals(2, heard());
    system.tell("$SYS/broker/", Map.of("uptime", "2", "version", "x"));
    gateway.loop.runAll();
    assertEquals(List.of(false), delivered.stream().map(Delivery::retain).toList());
    delivered.clear();
    session.remove(TopicFilter.parse("$SYS/broker/#"));
    assertFalse(system.isHeard());
    system.tell("$SYS/broker/", Map.of("uptime", "3", "version", "x"));
    assertEquals(0, heard());
  }

  @Test
  void tell_wildcardsAlone_doNotMatch() {
    session.add(subscription("#"));
    session.add(subscription("+/broker/uptime"));
    assertFalse(system.isHeard());
    system.tell("$SYS/broker/", Map.of("uptime", "1"));
    assertEquals(0, heard());
    assertEquals(Map.of(), latest("#"));
    assertEquals(Map.of(), latest("+/broker/uptime"));
  }

  @Test
  void latest_newSubscription_getsThoseThatItHas_andNoneThatIsOver() {
    system.tell("$SYS/broker/", Map.of("uptime", "1", "version", "x"));
    system.tell("$SYS/other/", Map.of("nodes", "3"));
    assertEquals(
        Map.of("$SYS/broker/uptime", "1", "$SYS/broker/version", "x"), latest("$SYS/broker/#"));
    assertTrue(latest("$SYS/#").containsKey("$SYS/other/nodes"));
    system.tell("$SYS/broker/", Map.of("version", "y"));
    assertEquals(Map.of("$SYS/broker/version", "y"), latest("$SYS/broker/+"));
    assertEquals(Map.of("$SYS/other/nodes", "3"), latest("$SYS/other/nodes"));
  }

  @Test
  void cluster_processComesAndGoes_isCountedAndToldOnce() {
    String stores = "$SYS/cluster/nodes/session-store";
    await().until(() -> latest(stores).equals(Map.of(stores, "0")));
    await().until(() -> latest("$SYS/cluster/shards").containsValue("" + GatewayHarness.SHARDS));
    session.add(subscription(stores + "/store-1/+"));

    var registration =
        gateway.discovery.register(
            new Node("store-1", Role.SESSION_STORE, "localhost", 1, 0, "t", Map.of()));
    await().until(() -> heard() == 1);
    assertEquals(Map.of(stores, "1"), latest(stores));

    registration.update(new Node("store-1", Role.SESSION_STORE, "localhost", 2, 0, "t", Map.of()));
    registration.close();
    await().until(() -> heard() == 1);
    await().until(() -> latest(stores).equals(Map.of(stores, "0")));
    assertEquals(0, heard());
  }

  @Test
  void tellOnce_textIsMadeWhereSomebodyHears_upToABoundOfEachSecond() {
    AtomicInteger made = new AtomicInteger();
    system.tellOnce("$SYS/broker/clients/c/connected", () -> "" + made.incrementAndGet());
    assertEquals(0, made.get());
    session.add(subscription("$SYS/broker/clients/+/connected"));
    for (int i = 0; i < 10 * SystemTopics.MOST_EVENTS; i++) {
      system.tellOnce("$SYS/broker/clients/c/connected", () -> "" + made.incrementAndGet());
    }
    double dropped =
        gateway.registry.get("vmqtt.gateway.system.events.dropped").functionCounter().count();
    assertEquals(10 * SystemTopics.MOST_EVENTS, made.get() + (int) dropped);
    assertTrue(dropped > 0, "within a few seconds");
    assertEquals(made.get(), heard());
    assertEquals(Map.of(), latest("$SYS/broker/#"), "an event is none that lasts");
  }
}
