package io.vmqtt.simulation.client;

import io.vmqtt.gateway.connection.ConnectRequest;
import io.vmqtt.gateway.connection.Connection;
import io.vmqtt.gateway.connection.ProtocolVersion;
import io.vmqtt.gateway.connection.RequestedSubscription;
import io.vmqtt.model.Delivery;
import io.vmqtt.model.Message;
import io.vmqtt.model.MessageProperties;
import io.vmqtt.model.Qos;
import io.vmqtt.model.SubscriptionOptions;
import io.vmqtt.simulation.cluster.GatewayHost;
import io.vmqtt.simulation.world.SimulatedProcess;
import io.vmqtt.testkit.history.SentMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client that follows MQTT 5: keeps its side of the session, comes back through any gateway when
 * a connection ends, and goes on where it was.
 */
public final class SimulatedClient implements PacketReceiver {
  private static final long PING_MILLIS = 1_000;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(400);
  private static final long LONGEST_NOTICE_NANOS = TimeUnit.SECONDS.toNanos(4);
  private static final int MAX_PACKET_ID = 65_535;

  private final Scene scene;
  private final String id;
  private final boolean persistent;
  private final ClientOwner owner;
  private final SimulatedProcess process;
  private final Map<Integer, Unfinished> unfinished = new LinkedHashMap<>();
  private final Map<Integer, String> received = new HashMap<>();
  private final Map<Integer, Runnable> subscribing = new HashMap<>();
  private @Nullable Conversation conversation;
  private boolean connected;
  private boolean hadSession;
  private boolean ended;
  private long lastHeardNanos;
  private long calledNanos;
  private int lastPacketId;

  /** A publish that the broker has not finished with. */
  private record Unfinished(
      SentMessage message, Kind kind, long expiresAtMillis, boolean released) {}

  /** What a publish does to the retained message of its topic. */
  public enum Kind {
    /** Nothing. */
    PLAIN,
    /** It takes its place. */
    RETAINED,
    /** It takes it away: an empty payload, so the content type says what it is. */
    CLEARING
  }

  /**
   * A client that connects as soon as it can.
   *
   * @param persistent whether its session outlives its connections
   */
  public SimulatedClient(Scene scene, String id, boolean persistent, ClientOwner owner) {
    this.scene = scene;
    this.id = id;
    this.persistent = persistent;
    this.owner = owner;
    this.process = scene.network().start(id);
    var _ =
        process
            .timer()
            .scheduleWithFixedDelay(
                this::checkPulse, PING_MILLIS, PING_MILLIS, TimeUnit.MILLISECONDS);
    connect();
  }

  public String id() {
    return id;
  }

  /** How many publishes are under way. */
  public int underWay() {
    return unfinished.size();
  }

  /** When it last began to connect. */
  long calledNanos() {
    return calledNanos;
  }

  public boolean isConnected() {
    return connected;
  }

  // --- connections

  private void connect() {
    List<GatewayHost> up = scene.gateways().stream().filter(GatewayHost::isUp).toList();
    if (up.isEmpty()) {
      connectLater();
      return;
    }
    GatewayHost gateway = up.get(scene.random().nextInt(up.size()));
    lastHeardNanos = scene.time().getAsLong();
    calledNanos = lastHeardNanos;
    Conversation opened = Conversation.open(gateway, scene, process, this);
    conversation = opened;
    scene.history().note(id, "connects to " + gateway.name());
    ConnectRequest request =
        new ConnectRequest(
            ProtocolVersion.V5,
            id,
            !persistent,
            persistent ? ConnectRequest.NEVER_EXPIRES : 0,
            0,
            20,
            Long.MAX_VALUE,
            null);
    opened.send(connection -> connection.connect(request));
  }

  private void connectLater() {
    conversation = null;
    connected = false;
    scene.time().after(scene.random().nextLong(LONGEST_PAUSE_NANOS), this::connectUnlessEnded);
  }

  private void connectUnlessEnded() {
    if (!ended && conversation == null) {
      connect();
    }
  }

  /** Lets go of its connection, without a word; the gateway finds out sooner or later. */
  public void drop() {
    Conversation dropped = conversation;
    if (dropped != null) {
      scene.history().note(id, "drops its connection");
      dropped.abandon();
      scene.time().after(scene.random().nextLong(LONGEST_NOTICE_NANOS), dropped::noticed);
      connectionEnded();
    }
  }

  /** It drops its connection and does not come back. */
  public void end() {
    ended = true;
    drop();
  }

  private void checkPulse() {
    if (conversation != null && scene.time().getAsLong() - lastHeardNanos > PATIENCE_NANOS) {
      drop();
    } else if (connected) {
      send(Connection::pingReq);
    }
  }

  @Override
  public void connectionEnded() {
    boolean was = connected;
    subscribing.clear();
    connectLater();
    if (was) {
      owner.disconnected();
    }
  }

  private void send(Consumer<Connection> packet) {
    Conversation current = conversation;
    if (current != null && connected) {
      current.send(packet);
    }
  }

  private void heard() {
    lastHeardNanos = scene.time().getAsLong();
  }

  @Override
  public void connAck(boolean sessionPresent) {
    heard();
    scene.history().note(id, "has its CONNACK, session " + (sessionPresent ? "present" : "new"));
    if (persistent && hadSession && !sessionPresent) {
      scene.fail(id + " lost its session");
    }
    if (hadSession && !sessionPresent) {
      unfinished.clear();
      received.clear();
    }
    connected = true;
    hadSession = true;
    unfinished.forEach(this::resend);
    owner.connected(sessionPresent);
  }

  private void resend(int packetId, Unfinished one) {
    if (one.released) {
      send(connection -> connection.pubRel(packetId));
    } else {
      sendPublish(packetId, one);
    }
  }

  @Override
  public void pingResp() {
    heard();
  }

  // --- subscribing

  /** Subscribes; what for, once SUBACK is there, unless the connection ends before. */
  public void subscribe(String filter, int qos, Runnable subscribed) {
    int packetId = nextPacketId();
    subscribing.put(packetId, subscribed);
    RequestedSubscription wanted =
        new RequestedSubscription(filter, SubscriptionOptions.of(Qos.of(qos)));
    send(connection -> connection.subscribe(packetId, List.of(wanted), 0));
  }

  @Override
  public void subAck(int packetId) {
    heard();
    Runnable then = subscribing.remove(packetId);
    if (then != null) {
      then.run();
    }
  }

  // --- publishing

  private int nextPacketId() {
    do {
      lastPacketId = lastPacketId % MAX_PACKET_ID + 1;
    } while (unfinished.containsKey(lastPacketId));
    return lastPacketId;
  }

  /** Publishes, now or as soon as it is connected. */
  public void publish(SentMessage message, boolean retain) {
    publish(message, retain ? Kind.RETAINED : Kind.PLAIN);
  }

  /** Publishes, now or as soon as it is connected. */
  public void publish(SentMessage message, Kind kind) {
    publish(message, kind, 0);
  }

  /** Publishes what lives only until then, milliseconds of virtual time; 0: for ever. */
  void publish(SentMessage message, Kind kind, long expiresAtMillis) {
    int packetId = nextPacketId();
    Unfinished publish = new Unfinished(message, kind, expiresAtMillis, false);
    unfinished.put(packetId, publish);
    scene.history().sending(message);
    sendPublish(packetId, publish);
  }

  private void sendPublish(int packetId, Unfinished publish) {
    SentMessage message = publish.message;
    boolean clears = publish.kind == Kind.CLEARING;
    byte[] text = message.payload().getBytes(StandardCharsets.UTF_8);
    ByteBuffer payload = ByteBuffer.wrap(clears ? new byte[0] : text).asReadOnlyBuffer();
    MessageProperties properties =
        clears
            ? new MessageProperties(null, message.payload(), null, null, List.of())
            : MessageProperties.NONE;
    send(
        connection ->
            connection.publish(
                new Message(
                    message.topic(),
                    payload,
                    Qos.of(message.qos()),
                    publish.kind != Kind.PLAIN,
                    properties,
                    publish.expiresAtMillis,
                    connection.publisher()),
                packetId,
                0));
  }

  @Override
  public void pubAck(int packetId, boolean refused) {
    heard();
    Unfinished publish = unfinished.remove(packetId);
    if (publish != null && !refused) {
      owner.acknowledged(publish.message);
    }
  }

  @Override
  public void pubRec(int packetId, boolean refused) {
    heard();
    Unfinished publish = unfinished.get(packetId);
    if (publish == null) {
      return;
    }
    if (refused) {
      unfinished.remove(packetId);
      return;
    }
    if (!publish.released) {
      unfinished.put(
          packetId, new Unfinished(publish.message, publish.kind, publish.expiresAtMillis, true));
      owner.acknowledged(publish.message);
    }
    send(connection -> connection.pubRel(packetId));
  }

  @Override
  public void pubComp(int packetId) {
    heard();
    unfinished.remove(packetId);
  }

  // --- receiving

  @Override
  public void publish(Message message, int packetId, boolean dup, Delivery delivery) {
    heard();
    String clears = message.properties().contentType();
    String payload =
        clears == null
            ? StandardCharsets.UTF_8.decode(message.payload().duplicate()).toString()
            : clears;
    if (!owner.takes(SentMessage.ofPayload(payload))) {
      drop();
      return;
    }
    String before =
        delivery.qos() == Qos.EXACTLY_ONCE ? received.putIfAbsent(packetId, payload) : null;
    if (before == null) {
      owner.received(SentMessage.ofPayload(payload), delivery.retain(), dup);
    } else if (!before.equals(payload)) {
      scene.fail(id + " got " + payload + " with the packet id of " + before);
    }
    switch (delivery.qos()) {
      case AT_MOST_ONCE -> {}
      case AT_LEAST_ONCE -> send(connection -> connection.pubAck(packetId));
      case EXACTLY_ONCE -> send(connection -> connection.pubRec(packetId, false));
    }
  }

  @Override
  public void pubRel(int packetId) {
    heard();
    received.remove(packetId);
    send(connection -> connection.pubComp(packetId));
  }
}
