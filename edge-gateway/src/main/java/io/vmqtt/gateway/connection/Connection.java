package io.vmqtt.gateway.connection;

import io.vmqtt.model.ClientId;
import io.vmqtt.model.InvalidTopicFilterException;
import io.vmqtt.model.Message;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.Subscription;
import io.vmqtt.model.SubscriptionOptions;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.model.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One client connection: what every packet means, given all that came before it. Confined to one
 * thread; knows the time only from what it is told. A {@link ProtocolViolation} that it throws ends
 * the connection with the reason it carries.
 */
public final class Connection implements Cluster.AttachCallback {

  /** How far the connection has come. */
  private enum State {
    /** Nothing has arrived; only CONNECT may. */
    AWAITING_CONNECT,
    /** CONNECT has arrived; the session's owner is being asked. No packet is handled meanwhile. */
    ATTACHING,
    /** CONNACK has accepted. */
    CONNECTED,
    /** Over; nothing is sent or handled any more. */
    CLOSED
  }

  private final Limits limits;
  private final ClientOutput client;
  private final Cluster cluster;
  private final RandomGenerator random;
  private final InboundPublishes inbound;

  private State state = State.AWAITING_CONNECT;
  private ProtocolVersion version = ProtocolVersion.V3;
  private String clientId = "";
  private long publisher;
  private long sessionExpirySeconds;
  private long maximumPacketBytes = Long.MAX_VALUE;
  private int window;
  private int keepAliveSeconds;
  private @Nullable String assignedClientId;
  private @Nullable Integer serverKeepAliveSeconds;
  private @Nullable Session session;
  private @Nullable Deliveries deliveries;
  private @Nullable TopicAliases aliases;
  private boolean readingStopped;
  private long deliveredThrough;

  /** A connection that has just been accepted by the transport. */
  public Connection(Limits limits, ClientOutput client, Cluster cluster, RandomGenerator random) {
    this.limits = limits;
    this.client = client;
    this.cluster = cluster;
    this.random = random;
    this.inbound = new InboundPublishes(client, this::publishRefused);
  }

  public ProtocolVersion version() {
    return version;
  }

  /** The client's identifier; empty before CONNECT. */
  public String clientId() {
    return clientId;
  }

  /** Hash of the client's identifier. */
  public long publisher() {
    return publisher;
  }

  /** Silence of 1.5 times this is the client's end [MQTT-3.1.2-22]; 0: never. */
  public int keepAliveSeconds() {
    return keepAliveSeconds;
  }

  public boolean isConnected() {
    return state == State.CONNECTED;
  }

  /** True while packets have to wait for the answer to CONNECT. */
  public boolean isAttaching() {
    return state == State.ATTACHING;
  }

  public boolean isClosed() {
    return state == State.CLOSED;
  }

  // --- CONNECT ---

  /** CONNECT. */
  public void connect(ConnectRequest request) {
    if (state != State.AWAITING_CONNECT) {
      throw new ProtocolViolation(ReasonCode.PROTOCOL_ERROR, "a second CONNECT [MQTT-3.1.0-2]");
    }
    version = request.version();
    clientId = request.clientId();
    if (clientId.isEmpty()) {
      if (version == ProtocolVersion.V3 && !request.cleanStart()) {
        refuse(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
        return;
      }
      clientId = ClientId.assign(random);
      assignedClientId = clientId;
    }
    if (!ClientId.isValid(clientId)) {
      refuse(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
      return;
    }
    if (!cluster.isAvailable()) {
      refuse(ReasonCode.SERVER_UNAVAILABLE);
      return;
    }
    publisher = ClientId.hash64(clientId);
    sessionExpirySeconds = request.sessionExpirySeconds();
    maximumPacketBytes = request.maximumPacketBytes();
    window = Math.min(request.receiveMaximum(), limits.maxInFlight());
    setKeepAlive(request.keepAliveSeconds());
    Will will = request.will();
    state = State.ATTACHING;
    cluster.attach(
        new Cluster.AttachRequest(
            clientId,
            request.cleanStart(),
            sessionExpirySeconds,
            window,
            will == null ? null : will.by(publisher)),
        this);
  }

  private void setKeepAlive(int asked) {
    int longest = limits.maxKeepAliveSeconds();
    keepAliveSeconds = asked;
    if (version == ProtocolVersion.V5 && longest > 0 && (asked == 0 || asked > longest)) {
      keepAliveSeconds = longest;
      serverKeepAliveSeconds = longest;
    }
  }

  private void refuse(ReasonCode reason) {
    state = State.CLOSED;
    client.refuseConnect(version, reason);
  }

  @Override
  public void attached(Session owned, boolean sessionPresent) {
    if (state != State.ATTACHING) {
      owned.detach(false, null, 0);
      return;
    }
    state = State.CONNECTED;
    session = owned;
    deliveries =
        owned.isDurable()
            ? new DurableDeliveries(client, owned)
            : new TransientDeliveries(client, window, limits.maxQueuedMessages());
    client.connAck(
        new ClientOutput.ConnectAccepted(
            version,
            sessionPresent,
            assignedClientId,
            sessionExpirySeconds,
            serverKeepAliveSeconds));
  }

  @Override
  public void unavailable() {
    if (state == State.ATTACHING) {
      refuse(ReasonCode.SERVER_UNAVAILABLE);
    }
  }

  @Override
  public void lost(ReasonCode reason) {
    if (state == State.ATTACHING) {
      refuse(ReasonCode.SERVER_UNAVAILABLE);
    } else {
      end(reason, false, null);
    }
  }

  // --- PUBLISH from the client ---

  /**
   * PUBLISH.
   *
   * @param message with an empty topic if only an alias was sent
   * @param packetId 0 at QoS 0
   * @param topicAlias 0: none
   */
  public void publish(Message message, int packetId, int topicAlias) {
    requireConnected();
    Message resolved = topicAlias == 0 ? message : resolveAlias(message, topicAlias);
    String topic = resolved.topic();
    if (topic.isEmpty() && version == ProtocolVersion.V5) {
      throw new ProtocolViolation(ReasonCode.PROTOCOL_ERROR, "neither topic name nor topic alias");
    }
    if (!TopicName.isValid(topic)) {
      throw new ProtocolViolation(ReasonCode.TOPIC_NAME_INVALID, "invalid topic name");
    }
    switch (resolved.qos()) {
      case AT_MOST_ONCE -> cluster.publish(resolved);
      case AT_LEAST_ONCE -> {
        requirePacketId(packetId);
        checkReceiveMaximum();
        Cluster.PublishCallback answer = inbound.beginQos1(packetId);
        if (resolved.retain()) {
          requireSession().publishRetained(resolved, answer);
        } else {
          cluster.publish(resolved, null, answer);
        }
        slowDown();
      }
      case EXACTLY_ONCE -> {
        requirePacketId(packetId);
        publishExactlyOnce(resolved, packetId);
        slowDown();
      }
    }
  }

  private void publishExactlyOnce(Message message, int packetId) {
    InboundPublishes.Answer answer = inbound.beginQos2(packetId);
    if (answer == null) {
      return;
    }
    if (inbound.open() > limits.receiveMaximum()) {
      checkReceiveMaximum();
    }
    requireSession().beginInbound(packetId, key -> cluster.publish(message, key, answer));
  }

  /**
   * A publish was not taken. PUBACK and PUBREC of MQTT 3.1.1 can only say that it was, so there the
   * connection ends instead, and the client knows that it has to publish again.
   */
  private void publishRefused(int packetId, boolean exactlyOnce, ReasonCode reason) {
    if (version == ProtocolVersion.V3) {
      end(reason, false, null);
    } else if (exactlyOnce) {
      requireSession().endInbound(packetId, () -> {});
      client.pubRec(packetId, reason);
    } else {
      client.pubAck(packetId, reason);
    }
  }

  private void checkReceiveMaximum() {
    if (version == ProtocolVersion.V5 && inbound.open() >= limits.receiveMaximum()) {
      throw new ProtocolViolation(
          ReasonCode.RECEIVE_MAXIMUM_EXCEEDED,
          "more than " + limits.receiveMaximum() + " unacknowledged publishes");
    }
  }

  /**
   * A client of MQTT 3.1.1 knows no receive maximum: reading stops instead. Only what this side
   * owes counts: a PUBREL that the client owes would never be read.
   */
  private void slowDown() {
    boolean stop = inbound.unanswered() >= limits.receiveMaximum() && version == ProtocolVersion.V3;
    if (stop && !readingStopped) {
      readingStopped = true;
      client.setReading(false);
    }
  }

  /** To be called when answers to publishes may have left: reading goes on if it had stopped. */
  public void speedUp() {
    if (readingStopped && inbound.unanswered() <= limits.receiveMaximum() / 2) {
      readingStopped = false;
      client.setReading(true);
    }
  }

  private Message resolveAlias(Message message, int alias) {
    if (alias > limits.topicAliasMaximum()) {
      throw new ProtocolViolation(
          ReasonCode.TOPIC_ALIAS_INVALID, "topic alias " + alias + " is above the maximum");
    }
    TopicAliases known = aliases;
    if (known == null) {
      known = new TopicAliases(limits.topicAliasMaximum());
      aliases = known;
    }
    return known.resolve(message, alias);
  }

  /** PUBREL. */
  public void pubRel(int packetId) {
    requireConnected();
    boolean known = inbound.endQos2(packetId);
    Session owned = requireSession();
    ReasonCode reason =
        known || owned.isDurable() ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
    owned.endInbound(packetId, () -> client.pubComp(packetId, reason));
  }

  // --- deliveries to the client ---

  /**
   * A message for a session of this gateway.
   *
   * @param qos of the delivery
   * @param ids subscription identifiers to show
   * @return false if the client does not get it (QoS 0 to a client that is too slow)
   */
  public boolean deliver(ClientOutput.Outgoing message, int qos, boolean retain, int[] ids) {
    if (state != State.CONNECTED || !(deliveries instanceof TransientDeliveries transients)) {
      return false;
    }
    if (maximumPacketBytes != Long.MAX_VALUE
        && message.encodedBytes(qos, ids) > maximumPacketBytes) {
      return false; // [MQTT-3.1.2-25]
    }
    if (message.isExpired()) {
      return false; // [MQTT-3.3.2-5]
    }
    if (qos == 0) {
      if (!client.isWritable()) {
        return false;
      }
      client.publish(message, 0, 0, false, retain, ids);
      return true;
    }
    if (!transients.deliver(message, qos, retain, ids)) {
      end(ReasonCode.QUOTA_EXCEEDED, false, null);
      return false;
    }
    return true;
  }

  @Override
  public void deliver(DurableDelivery delivery) {
    if (state == State.CONNECTED && deliveries instanceof DurableDeliveries durable) {
      if (delivery.sequence() != 0) {
        if (delivery.sequence() <= deliveredThrough) {
          return; // pushed again after a change of path
        }
        if (delivery.after() > deliveredThrough) {
          requireSession().missedDelivery();
          return;
        }
        deliveredThrough = delivery.sequence();
      }
      durable.deliver(delivery, maximumPacketBytes);
    }
  }

  @Override
  public long deliveredThrough() {
    return deliveredThrough;
  }

  /** PUBACK. */
  public void pubAck(int packetId) {
    requireConnected();
    requireDeliveries().acknowledged(packetId);
  }

  /** PUBREC. */
  public void pubRec(int packetId, boolean failed) {
    requireConnected();
    requireDeliveries().received(packetId, failed);
  }

  /** PUBCOMP. */
  public void pubComp(int packetId) {
    requireConnected();
    requireDeliveries().completed(packetId);
  }

  /** The transport takes more again. */
  public void writable() {
    if (deliveries != null && state == State.CONNECTED) {
      deliveries.writable();
    }
  }

  // --- SUBSCRIBE and UNSUBSCRIBE ---

  /**
   * One topic filter of SUBSCRIBE, unchecked.
   *
   * @param filter as sent
   * @param options as sent
   */
  public record RequestedSubscription(String filter, SubscriptionOptions options) {}

  /** SUBSCRIBE. */
  public void subscribe(int packetId, List<RequestedSubscription> requested, int identifier) {
    requireConnected();
    requirePacketId(packetId);
    if (requested.isEmpty()) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR, "SUBSCRIBE without a topic filter [MQTT-3.8.3-2]");
    }
    List<ReasonCode> reasons = new ArrayList<>(requested.size());
    List<Subscription> subscriptions = new ArrayList<>(requested.size());
    for (RequestedSubscription one : requested) {
      TopicFilter filter = parse(one.filter());
      if (filter == null) {
        reasons.add(
            version == ProtocolVersion.V5
                ? ReasonCode.TOPIC_FILTER_INVALID
                : ReasonCode.UNSPECIFIED_ERROR);
      } else if (filter.isShared() && one.options().noLocal()) {
        throw new ProtocolViolation(
            ReasonCode.PROTOCOL_ERROR, "No Local on a shared subscription [MQTT-3.8.3-4]");
      } else {
        reasons.add(ReasonCode.granted(one.options().maximumQos()));
        subscriptions.add(new Subscription(filter, one.options(), identifier));
      }
    }
    if (subscriptions.isEmpty()) {
      client.subAck(packetId, reasons);
      return;
    }
    Session owned = requireSession();
    owned.subscribe(
        subscriptions,
        existed -> {
          if (state == State.CONNECTED) {
            client.subAck(packetId, reasons);
            owned.sendRetained(RetainedAfterSubscribe.of(subscriptions, existed));
          }
        });
  }

  /** UNSUBSCRIBE. */
  public void unsubscribe(int packetId, List<String> requested) {
    requireConnected();
    requirePacketId(packetId);
    if (requested.isEmpty()) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR, "UNSUBSCRIBE without a topic filter [MQTT-3.10.3-2]");
    }
    List<TopicFilter> filters = new ArrayList<>(requested.size());
    List<Boolean> valid = new ArrayList<>(requested.size());
    for (String text : requested) {
      TopicFilter filter = parse(text);
      valid.add(filter != null);
      if (filter != null) {
        filters.add(filter);
      }
    }
    requireSession()
        .unsubscribe(
            filters,
            existed -> {
              if (state == State.CONNECTED) {
                client.unsubAck(packetId, unsubscribeReasons(valid, existed));
              }
            });
  }

  private static List<ReasonCode> unsubscribeReasons(List<Boolean> valid, List<Boolean> existed) {
    List<ReasonCode> reasons = new ArrayList<>(valid.size());
    int next = 0;
    for (boolean isValid : valid) {
      if (!isValid) {
        reasons.add(ReasonCode.TOPIC_FILTER_INVALID);
      } else {
        reasons.add(existed.get(next++) ? ReasonCode.SUCCESS : ReasonCode.NO_SUBSCRIPTION_EXISTED);
      }
    }
    return reasons;
  }

  private static @Nullable TopicFilter parse(String text) {
    try {
      return TopicFilter.parse(text);
    } catch (InvalidTopicFilterException e) {
      return null;
    }
  }

  // --- the rest ---

  /** PINGREQ. */
  public void pingReq() {
    requireConnected();
    client.pingResp();
  }

  /**
   * DISCONNECT.
   *
   * @param reason normal, or with the will to be published
   * @param newSessionExpirySeconds null: unchanged
   */
  public void disconnect(ReasonCode reason, @Nullable Long newSessionExpirySeconds) {
    requireConnected();
    if (newSessionExpirySeconds != null
        && sessionExpirySeconds == 0
        && newSessionExpirySeconds != 0) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR, "a session that expires at once cannot be prolonged");
    }
    boolean clean = reason == ReasonCode.NORMAL_DISCONNECTION;
    detach(clean, newSessionExpirySeconds);
    client.close();
  }

  /** The network connection is gone, or the client was too quiet: its will is published. */
  public void connectionLost() {
    detach(false, null);
  }

  /** Ends the connection from this side. */
  public void end(ReasonCode reason) {
    end(reason, false, null);
  }

  private void end(ReasonCode reason, boolean clean, @Nullable Long expirySeconds) {
    if (state == State.CLOSED) {
      return;
    }
    boolean mayTell = state == State.CONNECTED && version == ProtocolVersion.V5;
    boolean refuses =
        reason == ReasonCode.UNSUPPORTED_PROTOCOL_VERSION // [MQTT-3.1.2-2]
            || (state == State.ATTACHING && version == ProtocolVersion.V5);
    detach(clean, expirySeconds);
    if (mayTell) {
      client.disconnect(reason);
    } else if (refuses) {
      client.refuseConnect(version, reason);
    } else {
      client.close();
    }
  }

  private void detach(boolean clean, @Nullable Long expirySeconds) {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    inbound.close();
    Session owned = session;
    if (owned != null) {
      long sentThrough = deliveries == null ? 0 : deliveries.sentThrough();
      owned.detach(clean, expirySeconds, sentThrough);
    }
  }

  private void requireConnected() {
    if (state != State.CONNECTED) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR, "the first packet must be CONNECT [MQTT-3.1.0-1]");
    }
  }

  private static void requirePacketId(int packetId) {
    if (packetId == 0) {
      throw new ProtocolViolation(ReasonCode.PROTOCOL_ERROR, "packet identifier 0 [MQTT-2.2.1-3]");
    }
  }

  private Session requireSession() {
    if (session == null) {
      throw new IllegalStateException("connected without a session");
    }
    return session;
  }

  private Deliveries requireDeliveries() {
    if (deliveries == null) {
      throw new IllegalStateException("connected without a session");
    }
    return deliveries;
  }
}
