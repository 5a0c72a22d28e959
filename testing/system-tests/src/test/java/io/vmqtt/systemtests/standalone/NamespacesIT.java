package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.net.Address;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.process.BrokerProcess;
import io.vmqtt.testkit.raw.PacketType;
import io.vmqtt.testkit.raw.RawClient;
import io.vmqtt.testkit.raw.RawConnect;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Three namespaces, one listener each. Everything that a client does here is done in each of them,
 * under the same names, and must come out as if it were alone.
 */
class NamespacesIT {
  private static final int QOS_1 = 1;
  private static final Address ONE = Address.local(FreePorts.next());
  private static final Address TWO = Address.local(FreePorts.next());

  @RegisterExtension
  static final BrokerProcess broker =
      BrokerProcess.standalone(
          "--listeners", "one=" + ONE + " namespace=one; two=" + TWO + " namespace=two");

  private final List<RawClient> clients = new ArrayList<>();

  private static List<Address> namespaces() {
    return List.of(broker.mqtt(), ONE, TWO);
  }

  private List<RawClient> inEach(RawConnect connect) {
    List<RawClient> opened = namespaces().stream().map(connect::open).toList();
    clients.addAll(opened);
    return opened;
  }

  @AfterEach
  void leave() {
    clients.forEach(RawClient::close);
  }

  @Test
  void publish_sameTopic_reachesItsNamespaceAlone() {
    List<RawClient> subscribers = inEach(RawConnect.clean(5, "subscriber"));
    for (RawClient subscriber : subscribers) {
      subscriber.subscribe("#", QOS_1);
      subscriber.subscribe("$share/g/+/shared", QOS_1);
    }
    List<RawClient> publishers = inEach(RawConnect.clean(5, "publisher"));
    for (int i = 0; i < publishers.size(); i++) {
      publishers.get(i).publish("t", "from " + i, QOS_1);
    }
    for (int i = 0; i < subscribers.size(); i++) {
      assertEquals("from " + i, subscribers.get(i).receivePayload());
      publishers.get(i).publish("a/shared", "both " + i, QOS_1);
      assertEquals("both " + i, subscribers.get(i).receivePayload());
      assertEquals("both " + i, subscribers.get(i).receivePayload());
      subscribers.get(i).close();
    }
  }

  /** Neither do wildcards at the first level of a namespace match what starts with a dollar. */
  @Test
  void publish_dollarTopic_notForWildcardsOfItsNamespace() {
    List<RawClient> subscribers = inEach(RawConnect.clean(5, "dollar"));
    for (RawClient subscriber : subscribers) {
      subscriber.subscribe("#", QOS_1);
      subscriber.publish("$own/t", "hidden", QOS_1);
      subscriber.publish("t", "shown", QOS_1);
      assertEquals("shown", subscriber.receivePayload());
    }
  }

  @Test
  void connect_sameClientId_oneSessionInEach() {
    RawConnect kept = RawConnect.kept(5, "wanderer");
    List<RawClient> first = inEach(kept);
    for (RawClient client : first) {
      assertFalse(client.sessionPresent());
      client.subscribe("orders", QOS_1);
    }
    RawClient another = kept.open(ONE);
    assertTrue(another.sessionPresent());
    assertEquals(PacketType.DISCONNECT, first.get(1).next().type(), "it is taken over");
    another.disconnect();
    first.get(0).disconnect();
    first.get(2).disconnect();

    RawClient publisher = RawConnect.clean(5, "publisher").open(TWO);
    publisher.publish("orders", "for two", QOS_1);
    publisher.close();

    RawClient ofOne = kept.open(ONE);
    ofOne.publish("orders", "for one", QOS_1);
    assertEquals("for one", ofOne.receivePayload());
    RawClient ofTwo = kept.open(TWO);
    assertEquals("for two", ofTwo.receivePayload());
    ofOne.close();
    ofTwo.close();
  }

  @Test
  void retained_sameTopic_oneValueInEach() {
    List<RawClient> publishers = inEach(RawConnect.clean(5, "keeper"));
    for (int i = 0; i < publishers.size(); i++) {
      publishers.get(i).publishRetained("state/x", "value " + i, QOS_1);
    }
    publishers.get(1).publishRetained("state/x", "", QOS_1);
    List<RawClient> readers = inEach(RawConnect.clean(5, "reader"));
    for (int i = 0; i < readers.size(); i++) {
      readers.get(i).subscribe(i == 0 ? "#" : "+/x", QOS_1);
      if (i != 1) {
        assertEquals("value " + i, readers.get(i).receivePayload());
      }
      readers.get(i).publish("state/x", "live " + i, QOS_1);
      assertEquals("live " + i, readers.get(i).receivePayload());
    }
    publishers.get(0).publishRetained("state/x", "", QOS_1);
    publishers.get(2).publishRetained("state/x", "", QOS_1);
  }

  @Test
  void will_ofOneNamespace_isHeardThereAlone() {
    List<RawClient> mourners = inEach(RawConnect.clean(5, "mourner"));
    for (RawClient mourner : mourners) {
      mourner.subscribe("gone", QOS_1);
    }
    RawClient dying = RawConnect.clean(5, "dying").withWill("gone", "of one", false).open(ONE);
    dying.cut();
    assertEquals("of one", mourners.get(1).receivePayload());
    for (int i : List.of(0, 2)) {
      mourners.get(i).publish("gone", "nobody", QOS_1);
      assertEquals("nobody", mourners.get(i).receivePayload());
    }
  }

  /** No-local is by the client, not by its name. */
  @Test
  void publish_noLocal_ownMessagesAreLeftOutInANamespace() {
    RawClient client = RawConnect.clean(5, "loner").open(ONE);
    client.subscribe("own", QOS_1 | RawClient.NO_LOCAL);
    client.subscribe("end", QOS_1);
    client.publish("own", "mine", QOS_1);
    client.publish("end", "end", QOS_1);
    assertEquals("end", client.receivePayload());
    client.close();
  }
}
