package io.vmqtt.gateway.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.connection.ClientOutput.Outgoing;
import io.vmqtt.gateway.connection.SharedMessage;
import io.vmqtt.model.ClientId;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.Qos;
import io.vmqtt.model.RetainHandling;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.SubscriptionOptions;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.testkit.conformance.Conforms;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LocalSubscriptionsTest {
  private final LocalSubscriptions subscriptions = new LocalSubscriptions(7);
  private final TestSubscriber ann = new TestSubscriber("ann");
  private final TestSubscriber bob = new TestSubscriber("bob");

  private final class TestSubscriber implements Subscriber {
    final LocalSubscriptions.OfSession own = subscriptions.newSession(this);
    private final String clientId;

    TestSubscriber(String clientId) {
      this.clientId = clientId;
    }

    @Override
    public int lane() {
      return 0;
    }

    @Override
    public long publisher() {
      return ClientId.hash64(clientId);
    }

    @Override
    public int subscriptionCount() {
      return own.count();
    }

    @Override
    public void deliver(Outgoing message, Delivery delivery, @Nullable SharedMessage shared) {
      throw new UnsupportedOperationException("matching delivers nothing");
    }

    @Override
    public boolean takesMore() {
      throw new UnsupportedOperationException("matching delivers nothing");
    }
  }

  @Test
  void match_filtersOfSeveralSessions_thoseThatMatch() {
    ann.own.add(subscription("sensors/+", 1));
    bob.own.add(subscription("#", 0));

    assertEquals(List.of("ann qos 1", "bob qos 0"), match(message("sensors/1", 1)));
    assertEquals(List.of("bob qos 0"), match(message("actors", 1)));
  }

  @Test
  @Conforms(v311 = "MQTT-3.8.4-6", v5 = "MQTT-3.8.4-8")
  void match_qosOfPublishAndSubscription_theLowerCounts() {
    ann.own.add(subscription("t", 2));

    assertEquals(List.of("ann qos 0"), match(message("t", 0)));
    assertEquals(List.of("ann qos 1"), match(message("t", 1)));
    assertEquals(List.of("ann qos 2"), match(message("t", 2)));
  }

  @Test
  @Conforms(v311 = "MQTT-3.8.4-3", v5 = "MQTT-3.8.4-3")
  void add_sameFilterAgain_replacesTheSubscription() {
    assertFalse(ann.own.add(subscription("t", 0)));
    assertTrue(ann.own.add(subscription("t", 2)));

    assertEquals(List.of("ann qos 2"), match(message("t", 2)));
    assertEquals(1, ann.own.count());
    assertEquals(1, subscriptions.size());
  }

  @Test
  @Conforms(v311 = "MQTT-3.10.4-2", v5 = "MQTT-3.10.4-2")
  void remove_known_matchesNoMore() {
    ann.own.add(subscription("t", 0));
    ann.own.add(subscription("$share/g/t", 0));

    assertTrue(ann.own.remove(TopicFilter.parse("t")));
    assertTrue(ann.own.remove(TopicFilter.parse("$share/g/t")));
    assertFalse(ann.own.remove(TopicFilter.parse("t")));

    assertEquals(List.of(), match(message("t", 0), "$share/g/t"));
    assertEquals(0, subscriptions.size());
    assertEquals(List.of(), ann.own.filters());
  }

  /** [MQTT-3.3.4-2], [MQTT-3.3.4-3]: one copy, at the highest QoS, with all identifiers. */
  @Test
  @Conforms(
      v311 = "MQTT-3.3.5-1",
      v5 = {"MQTT-3.3.4-2", "MQTT-3.3.4-3", "MQTT-3.3.4-4"})
  void match_overlappingSubscriptions_oneCopyWithTheHighestQosAndAllIdentifiers() {
    ann.own.add(subscription("t/1", 0, 10));
    ann.own.add(subscription("t/+", 2, 11));
    ann.own.add(subscription("#", 1));

    List<Recipient> recipients = recipients(message("t/1", 2));

    assertEquals(1, recipients.size());
    Delivery delivery = recipients.getFirst().delivery();
    assertEquals(Qos.EXACTLY_ONCE, delivery.qos());
    assertEquals(List.of(10, 11), delivery.identifiers().stream().sorted().toList());
  }

  @Test
  @Conforms(v5 = "MQTT-3.3.4-3")
  void match_severalSubscriptionsOneOfWhichMatches_oneCopy() {
    ann.own.add(subscription("a", 1, 10));
    ann.own.add(subscription("b", 1, 11));

    List<Recipient> recipients = recipients(message("b", 1));

    assertEquals(1, recipients.size());
    assertEquals(List.of(11), recipients.getFirst().delivery().identifiers());
  }

  /** [MQTT-3.8.3-3]. */
  @Test
  @Conforms(v5 = "MQTT-3.8.3-3")
  void match_noLocal_ownMessagesAreLeftOut() {
    ann.own.add(
        new Subscription(
            TopicFilter.parse("t"),
            new SubscriptionOptions(Qos.AT_MOST_ONCE, true, false, RetainHandling.SEND),
            0));
    bob.own.add(subscription("t", 0));

    assertEquals(List.of("bob qos 0"), match(from("ann", "t")));
    assertEquals(List.of("ann qos 0", "bob qos 0"), match(from("bob", "t")));
  }

  @Test
  void match_noLocalOnOneOfTwoSubscriptions_theOtherDelivers() {
    ann.own.add(
        new Subscription(
            TopicFilter.parse("t"),
            new SubscriptionOptions(Qos.AT_MOST_ONCE, true, false, RetainHandling.SEND),
            1));
    ann.own.add(subscription("#", 0, 2));

    List<Recipient> recipients = recipients(from("ann", "t"));

    assertEquals(1, recipients.size());
    assertEquals(List.of(2), recipients.getFirst().delivery().identifiers());
  }

  /** [MQTT-3.3.1-12], [MQTT-3.3.1-13]. */
  @Test
  @Conforms(
      v311 = "MQTT-3.3.1-9",
      v5 = {"MQTT-3.3.1-12", "MQTT-3.3.1-13"})
  void match_retainAsPublished_onlyThenTheFlagIsKept() {
    ann.own.add(
        new Subscription(
            TopicFilter.parse("t"),
            new SubscriptionOptions(Qos.AT_MOST_ONCE, false, true, RetainHandling.SEND),
            0));
    bob.own.add(subscription("t", 0));

    assertEquals(List.of("ann qos 0 retain", "bob qos 0"), match(message("t", 0).withRetain(true)));
    assertEquals(List.of("ann qos 0", "bob qos 0"), match(message("t", 0)));
  }

  // --- share groups, section 4.8.2 ---

  @Test
  void match_groupNotChosen_itsMembersGetNothing() {
    ann.own.add(subscription("$share/g/t", 0));

    assertEquals(List.of(), match(message("t", 0)));
  }

  /** [MQTT-4.8.2-3]: one member of the group. */
  @Test
  void match_groupChosen_membersTakeTurns() {
    ann.own.add(subscription("$share/g/t", 1));
    bob.own.add(subscription("$share/g/t", 1));

    Map<String, Integer> turns = new HashMap<>();
    for (int i = 0; i < 100; i++) {
      List<String> matched = match(message("t", 1), "$share/g/t");
      assertEquals(1, matched.size());
      turns.merge(matched.getFirst(), 1, Integer::sum);
    }

    assertEquals(Map.of("ann qos 1", 50, "bob qos 1", 50), turns);
  }

  @Test
  void match_memberLeaves_theOthersGetItsTurns() {
    ann.own.add(subscription("$share/g/t", 1));
    bob.own.add(subscription("$share/g/t", 1));
    ann.own.remove(TopicFilter.parse("$share/g/t"));

    for (int i = 0; i < 5; i++) {
      assertEquals(List.of("bob qos 1"), match(message("t", 1), "$share/g/t"));
    }
  }

  @Test
  void match_groupWhoseMembersHaveAllLeft_nobody() {
    assertEquals(List.of(), match(message("t", 1), "$share/gone/t"));
  }

  @Test
  @Conforms(v5 = "MQTT-3.3.4-5")
  void match_sharedAndOrdinarySubscriptionOfOneSession_aCopyForEach() {
    ann.own.add(subscription("$share/g/t", 1, 7));
    ann.own.add(subscription("t", 1, 8));

    List<String> identifiers =
        recipients(message("t", 1), "$share/g/t").stream()
            .map(recipient -> recipient.delivery().identifiers().toString())
            .sorted()
            .toList();

    assertEquals(List.of("[7]", "[8]"), identifiers);
  }

  @Test
  void match_severalGroupsChosen_oneMemberOfEach() {
    ann.own.add(subscription("$share/g/t", 0));
    bob.own.add(subscription("$share/h/t", 0));
    bob.own.add(subscription("$share/g/+", 0));

    assertEquals(
        List.of("ann qos 0", "bob qos 0", "bob qos 0"),
        match(message("t", 0), "$share/g/t", "$share/h/t", "$share/g/+"));
  }

  private List<String> match(Message message, String... shares) {
    return recipients(message, shares).stream()
        .map(
            recipient ->
                ((TestSubscriber) recipient.subscriber()).clientId
                    + " qos "
                    + recipient.delivery().qos().value()
                    + (recipient.delivery().retain() ? " retain" : ""))
        .sorted()
        .toList();
  }

  private List<Recipient> recipients(Message message, String... shares) {
    List<Recipient> found = new ArrayList<>();
    subscriptions.readLock().lock();
    try {
      subscriptions.match(
          message, Arrays.stream(shares).map(TopicFilter::parse).toList(), found::add);
    } finally {
      subscriptions.readLock().unlock();
    }
    return found;
  }

  private static Subscription subscription(String filter, int qos) {
    return subscription(filter, qos, 0);
  }

  private static Subscription subscription(String filter, int qos, int identifier) {
    return new Subscription(
        TopicFilter.parse(filter), SubscriptionOptions.of(Qos.of(qos)), identifier);
  }

  private static Message message(String topic, int qos) {
    return new Message(
        topic, ByteBuffer.allocate(0), Qos.of(qos), false, MessageProperties.NONE, 0, 0);
  }

  private static Message from(String clientId, String topic) {
    return new Message(
        topic,
        ByteBuffer.allocate(0),
        Qos.AT_MOST_ONCE,
        false,
        MessageProperties.NONE,
        0,
        ClientId.hash64(clientId));
  }
}
