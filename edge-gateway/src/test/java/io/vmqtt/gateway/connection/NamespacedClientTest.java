package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.cluster.access.WillOwner;
import io.vmqtt.model.ClientId;
import io.vmqtt.model.Message;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ScopedName;
import io.vmqtt.model.SubscriptionOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a client of a namespace names is, behind the gateway, a name of that namespace. */
class NamespacedClientTest {
  private static final Namespace HERE = Namespace.of("here");
  private static final long PUBLISHER = ClientId.hash64(scoped("me"));

  private final TestClient client = new TestClient(HERE);

  /** Where its session lives. */
  enum Place {
    GATEWAY,
    SHARD
  }

  private static String scoped(String name) {
    return ScopedName.of(HERE, name);
  }

  private void connect(Place place) {
    Will will = new Will(TestClient.message("will", 1), 30, 60);
    TestClient.connected(
        client,
        new ConnectRequest(ProtocolVersion.V5, "me", false, 7200, 10, 40, 1000, will),
        place == Place.GATEWAY ? new FakeSession.Transient() : new FakeSession.Durable());
  }

  @ParameterizedTest
  @EnumSource
  void connect_clientIdAndWill_scoped(Place place) {
    connect(place);

    Cluster.AttachRequest request = client.cluster.attaches.getFirst();
    assertEquals(scoped("me"), request.clientId());
    assertEquals(
        new Will(TestClient.message(scoped("will"), 1).withPublisher(PUBLISHER), 30, 60),
        request.will());
    assertEquals(
        new WillOwner(HERE, "me", null, null, Map.of()), request.willOwner(), "as rules know it");
    assertEquals("me", client.connection.clientId(), "as it calls itself");
  }

  /** Each quality of service takes a way of its own, and so does what is retained. */
  @ParameterizedTest
  @EnumSource
  void publish_topicAndPublisher_scoped(Place place) {
    connect(place);

    for (int qos = 0; qos <= 2; qos++) {
      client.connection.publish(
          TestClient.message("t", qos).withPublisher(client.connection.publisher()), qos, 0);
    }
    client.connection.publish(TestClient.message("kept", 1).withRetain(true), 9, 0);

    List<Message> published =
        client.cluster.published.stream().map(FakeCluster.Published::message).toList();
    assertEquals(3, published.size());
    for (Message message : published) {
      assertEquals(scoped("t"), message.topic());
      assertEquals(PUBLISHER, message.publisher());
    }
    assertEquals(List.of(scoped("kept")), client.session.retained);
  }

  @ParameterizedTest
  @EnumSource
  void subscribe_unsubscribe_filters_scopedBehindTheShareGroup(Place place) {
    connect(place);
    SubscriptionOptions atLeastOnce = SubscriptionOptions.of(Qos.AT_LEAST_ONCE);

    client.connection.subscribe(
        1,
        List.of(
            new RequestedSubscription("#", atLeastOnce),
            new RequestedSubscription("$share/g/a", atLeastOnce)),
        0);
    client.connection.unsubscribe(2, List.of("$share/g/a"));

    assertEquals(
        List.of(
            "subscribe " + scoped("#") + " qos 1", "subscribe $share/g/" + scoped("a") + " qos 1"),
        client.session.calls);
    assertEquals(Set.of(scoped("#")), client.session.filters);
    assertEquals(List.of(scoped("#")), client.session.retainedFor);
  }
}
