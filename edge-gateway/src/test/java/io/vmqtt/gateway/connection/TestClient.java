package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.OpenAccess;
import io.vmqtt.gateway.policy.DeliveryPolicies;
import io.vmqtt.gateway.quota.NamespaceUses;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.function.Executable;

/** One client of a connection under test: no network, no clock, a fake cluster. */
final class TestClient {
  static final int RECEIVE_MAXIMUM = 3;
  static final int MAX_IN_FLIGHT = 2;
  static final int MAX_QUEUED = 3;
  static final int MAX_QUEUED_BYTES = 1_000;
  static final int TOPIC_ALIAS_MAXIMUM = 5;

  /** Up to 5 levels and 24 bytes; 200 filters in a packet, 300 in a session. */
  static final TopicLimits TOPICS = new TopicLimits(5, 24, 200, 300);

  static final Caller CALLER =
      new Caller(InetSocketAddress.createUnresolved("somewhere", 4711), null);

  final RecordingOutput output = new RecordingOutput();
  final FakeCluster cluster = new FakeCluster();
  FakeSession session = new FakeSession.Transient();
  final Connection connection;

  TestClient() {
    this(0);
  }

  TestClient(int maxKeepAliveSeconds) {
    this(maxKeepAliveSeconds, new OpenAccess());
  }

  TestClient(Access access) {
    this(0, access);
  }

  private TestClient(int maxKeepAliveSeconds, Access access) {
    this(maxKeepAliveSeconds, access, Namespace.NAMELESS);
  }

  /** One that comes to a listener of that namespace. */
  TestClient(Namespace namespace) {
    this(0, new OpenAccess(), namespace);
  }

  private TestClient(int maxKeepAliveSeconds, Access access, Namespace namespace) {
    this(maxKeepAliveSeconds, access, namespace, NamespaceUses.unnamed());
  }

  /** One of that namespace, at a gateway where namespaces may use so much. */
  TestClient(Namespace namespace, NamespaceUses uses) {
    this(0, new OpenAccess(), namespace, uses);
  }

  private TestClient(
      int maxKeepAliveSeconds, Access access, Namespace namespace, NamespaceUses uses) {
    this(maxKeepAliveSeconds, access, namespace, uses, DeniedPublishes.CLOSE);
  }

  /** One that comes to a listener where that comes of denied publishes. */
  TestClient(Access access, DeniedPublishes deniedPublishes) {
    this(0, access, Namespace.NAMELESS, NamespaceUses.unnamed(), deniedPublishes);
  }

  private TestClient(
      int maxKeepAliveSeconds,
      Access access,
      Namespace namespace,
      NamespaceUses uses,
      DeniedPublishes deniedPublishes) {
    Limits limits =
        new Limits(
            RECEIVE_MAXIMUM,
            MAX_IN_FLIGHT,
            MAX_QUEUED,
            MAX_QUEUED_BYTES,
            TOPIC_ALIAS_MAXIMUM,
            maxKeepAliveSeconds,
            1 << 20,
            TOPICS,
            deniedPublishes);
    Entrance entrance = new Entrance(namespace, limits, access, DeliveryPolicies.STANDARD, uses);
    connection = new Connection(entrance, () -> CALLER, output, cluster, new Random(42));
  }

  /** A connected client with a session that ends with the connection. */
  static TestClient connected(ProtocolVersion version) {
    return connected(version, new FakeSession.Transient());
  }

  /** A connected client. */
  static TestClient connected(ProtocolVersion version, FakeSession session) {
    return connected(connect(version), session);
  }

  static TestClient connected(ConnectRequest request, FakeSession session) {
    return connected(new TestClient(), request, session);
  }

  static TestClient connected(TestClient client, ConnectRequest request, FakeSession session) {
    client.session = session;
    client.connection.connect(request);
    client.connection.attached(session.asSession(), false, null);
    assertEquals(List.of("CONNACK"), client.output.take());
    return client;
  }

  static ConnectRequest connect(ProtocolVersion version) {
    return connect(version, "client");
  }

  static ConnectRequest connect(ProtocolVersion version, String clientId) {
    return new ConnectRequest(version, clientId, true, 0, 60, 65_535, Long.MAX_VALUE, null);
  }

  /** As {@link Connection#publish}. */
  void publish(String topic, int qos, int packetId) {
    connection.publish(message(topic, qos), packetId, 0);
  }

  /** What the transport does with a violation: it ends the connection. */
  ReasonCode violates(Executable packet) {
    ProtocolViolation violation = assertThrows(ProtocolViolation.class, packet);
    connection.end(violation.reason());
    return violation.reason();
  }

  static Message message(String topic, int qos) {
    return new Message(
        topic, ByteBuffer.allocate(0), Qos.of(qos), false, MessageProperties.NONE, 0, 0);
  }
}
