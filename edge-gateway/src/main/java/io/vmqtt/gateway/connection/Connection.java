package io.vmqtt.gateway.connection;

import io.vmqtt.model.Message;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.TopicName;
import java.util.ArrayDeque;
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
    /**
     * CONNECT has arrived; the session's owner is being asked. No packet is handled meanwhile, and
     * the end of the client's side is no more than one of those that wait.
     */
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
  private @Nullable ReasonCode endReason;
  private Agreement agreed = Agreement.NONE;
  private @Nullable Session session;
  private @Nullable SubscriptionRequests requests;
  private @Nullable Deliveries deliveries;
  private @Nullable TopicAliases aliases;
  private @Nullable ArrayDeque<Runnable> early;
  private boolean clientGone;
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
    return agreed.version();
  }

  /** The client's identifier; empty before CONNECT. */
  public String clientId() {
    return agreed.clientId();
  }

  /** Hash of the client's identifier. */
  public long publisher() {
    return agreed.publisher();
  }

  /** Silence of 1.5 times this is the client's end [MQTT-3.1.2-22]; 0: never. */
  public int keepAliveSeconds() {
    return agreed.keepAliveSeconds();
  }

  /** Why this side or the client ended it; null while nobody has, and where it was lost. */
  public @Nullable ReasonCode endReason() {
    return endReason;
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

  /**
   * Keeps what came behind CONNECT until its answer is there: MQTT lets a client send everything at
   * once, and go. It runs in any case, to find the connection closed where CONNECT was refused.
   */
  public void whenAttached(Runnable packet) {
    if (early == null) {
      early = new ArrayDeque<>(4);
    }
    early.addLast(packet);
  }

  private void handleEarly() {
    ArrayDeque<Runnable> packets = early;
    early = null;
    if (packets != null) {
      packets.forEach(Runnable::run);
    }
  }

  // --- CONNECT ---

  /** CONNECT. */
  public void connect(ConnectRequest request) {
    if (state != State.AWAITING_CONNECT) {
      throw new ProtocolViolation(ReasonCode.PROTOCOL_ERROR, "a second CONNECT [MQTT-3.1.0-2]");
    }
    agreed = Agreement.of(request, limits, random);
    if (agreed.clientId().isEmpty()) {
      refuse(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
      return;
    }
    Will will = request.will();
    if (will != null && !limits.topics().allow(will.message().topic())) {
      refuse(ReasonCode.TOPIC_NAME_INVALID);
      return;
    }
    if (!client.fits(agreed.accepted(false, null))) {
      refuse(ReasonCode.PACKET_TOO_LARGE);
      return;
    }
    if (!cluster.isAvailable()) {
      refuse(ReasonCode.SERVER_UNAVAILABLE);
      return;
    }
    state = State.ATTACHING;
    cluster.attach(
        new Cluster.AttachRequest(
            agreed.clientId(),
            request.cleanStart(),
            agreed.sessionExpirySeconds(),
            agreed.window(),
            will == null ? null : will.by(agreed.publisher())),
        this);
  }

  private void refuse(ReasonCode reason) {
    state = State.CLOSED;
    endReason = reason;
    client.refuseConnect(
        agreed.version(),
        reason == ReasonCode.SERVER_SHUTTING_DOWN ? ReasonCode.SERVER_UNAVAILABLE : reason);
    handleEarly();
  }

  @Override
  public void attached(Session owned, boolean sessionPresent, @Nullable Long expirySeconds) {
    if (state != State.ATTACHING) {
      owned.detach(false, null, 0);
      return;
    }
    state = State.CONNECTED;
    session = owned;
    requests = new SubscriptionRequests(agreed, limits.topics(), client, owned);
    deliveries =
        owned.isDurable()
            ? new DurableDeliveries(client, owned, agreed, limits, cluster.memory())
            : new TransientDeliveries(client, agreed.window(), limits, cluster.memory());
    if (!clientGone) {
      client.connAck(agreed.accepted(sessionPresent, expirySeconds));
    }
    handleEarly();
    if (clientGone) {
      detach(false, null);
    }
  }

  @Override
  public void unavailable() {
    if (state == State.ATTACHING) {
      refuse(ReasonCode.SERVER_UNAVAILABLE);
    }
  }

  /**
   * Its session has a new owner, maybe before it heard that it was its own. CONNACK has no word for
   * that, and DISCONNECT must not be the first packet [MQTT-3.2.0-1]: so it is accepted first. Its
   * session is there, unless it wanted a new one: it must not drop what it keeps for the session.
   */
  @Override
  public void lost(ReasonCode reason) {
    if (state == State.ATTACHING) {
      state = State.CONNECTED;
      if (agreed.version() == ProtocolVersion.V5) {
        client.connAck(agreed.accepted(!agreed.cleanStart(), null));
      }
    }
    end(reason, false, null);
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
    if (topic.isEmpty() && agreed.version() == ProtocolVersion.V5) {
      throw new ProtocolViolation(ReasonCode.PROTOCOL_ERROR, "neither topic name nor topic alias");
    }
    if (!TopicName.isValid(topic)) {
      throw new ProtocolViolation(ReasonCode.TOPIC_NAME_INVALID, "invalid topic name");
    }
    if (!limits.topics().allow(topic)) {
      refusePublish(resolved.qos(), packetId);
      return;
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

  /** Its topic is beyond the limits. At QoS 0 only DISCONNECT has a word for that. */
  private void refusePublish(Qos qos, int packetId) {
    Cluster.PublishCallback answer =
        switch (qos) {
          case AT_MOST_ONCE ->
              throw new ProtocolViolation(
                  ReasonCode.TOPIC_NAME_INVALID, "a topic name beyond the limits");
          case AT_LEAST_ONCE -> inbound.beginQos1(requirePacketId(packetId));
          case EXACTLY_ONCE -> inbound.beginQos2(requirePacketId(packetId));
        };
    if (answer != null) {
      answer.published(ReasonCode.TOPIC_NAME_INVALID);
    }
  }

  /**
   * A publish was not taken. PUBACK and PUBREC of MQTT 3.1.1 can only say that it was, so there the
   * connection ends instead, and the client knows that it has to publish again.
   */
  private void publishRefused(int packetId, boolean exactlyOnce, ReasonCode reason) {
    if (agreed.version() == ProtocolVersion.V3) {
      end(reason, false, null);
    } else if (exactlyOnce) {
      requireSession().endInbound(packetId, () -> {});
      client.pubRec(packetId, reason);
    } else {
      client.pubAck(packetId, reason);
    }
  }

  private void checkReceiveMaximum() {
    if (agreed.version() == ProtocolVersion.V5 && inbound.open() >= limits.receiveMaximum()) {
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
    boolean stop =
        inbound.unanswered() >= limits.receiveMaximum() && agreed.version() == ProtocolVersion.V3;
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
   * @param shared if a share group has given it to this member; else null
   * @return false if the client does not get it (QoS 0 to a client that is too slow)
   */
  public boolean deliver(
      ClientOutput.Outgoing message,
      int qos,
      boolean retain,
      int[] ids,
      @Nullable SharedMessage shared) {
    if (state != State.CONNECTED || !(deliveries instanceof TransientDeliveries transients)) {
      return false;
    }
    if (isTooLarge(message, qos, ids)) {
      return false;
    }
    if (message.isExpired()) {
      return false; // [MQTT-3.3.2-5]
    }
    if (qos == 0) {
      if (!client.isWritable() || client.isToBeSpared()) {
        return false;
      }
      client.publish(message, 0, 0, false, retain, ids);
      return true;
    }
    if (!transients.deliver(message, qos, retain, ids, shared)) {
      end(ReasonCode.QUOTA_EXCEEDED, false, null);
      if (shared != null) {
        shared.toAnother().run();
      }
      return false;
    }
    return true;
  }

  /** Whether it can take what other members of a share group have left. */
  public boolean takesMore() {
    return deliveries instanceof TransientDeliveries transients && transients.takesMore();
  }

  @Override
  public void deliver(DurableDelivery delivery) {
    if (state == State.CONNECTED && deliveries instanceof DurableDeliveries durable) {
      if (delivery.sequence() == 0) {
        durable.deliver(delivery);
      } else if (delivery.sequence() > deliveredThrough) { // else pushed again: a change of path
        if (delivery.after() > deliveredThrough) {
          if (!durable.isBehind()) {
            requireSession().missedDelivery();
          }
        } else if (durable.deliver(delivery)) {
          deliveredThrough = delivery.sequence();
        }
      }
    }
  }

  @Override
  public boolean hasRoom() {
    return state == State.CONNECTED && client.isWritable() && requireDeliveries().hasRoom();
  }

  @Override
  public boolean deliverRetained(ClientOutput.Outgoing message, int qos, int[] ids) {
    if (state != State.CONNECTED || message.isExpired() || isTooLarge(message, qos, ids)) {
      return true; // nobody is there to take it, now or later
    }
    boolean goes = client.isWritable();
    if (goes && qos == 0) {
      client.publish(message, 0, 0, false, true, ids);
    } else if (goes) {
      goes = deliveries instanceof TransientDeliveries own && own.deliverIfRoom(message, qos, ids);
    }
    return goes;
  }

  /** [MQTT-3.1.2-25]. */
  private boolean isTooLarge(ClientOutput.Outgoing message, int qos, int[] ids) {
    return agreed.maximumPacketBytes() != Long.MAX_VALUE
        && message.encodedBytes(qos, ids) > agreed.maximumPacketBytes();
  }

  @Override
  public long deliveredThrough() {
    return deliveredThrough;
  }

  /** PUBACK. */
  public void pubAck(int packetId) {
    requireConnected();
    requireDeliveries().acknowledged(packetId);
    requireSession().roomForMore();
  }

  /** PUBREC. */
  public void pubRec(int packetId, boolean failed) {
    requireConnected();
    requireDeliveries().received(packetId, failed);
    requireSession().roomForMore();
  }

  /** PUBCOMP. */
  public void pubComp(int packetId) {
    requireConnected();
    requireDeliveries().completed(packetId);
    requireSession().roomForMore();
  }

  /** Bytes that wait for the client, those in its socket not counted. */
  public long waitingBytes() {
    return deliveries == null ? 0 : deliveries.waitingBytes();
  }

  /** The transport may take more again. */
  public void writable() {
    if (deliveries != null && state == State.CONNECTED) {
      deliveries.writable();
      requireSession().roomForMore();
    }
  }

  // --- the rest ---

  /** SUBSCRIBE. */
  public void subscribe(int packetId, List<RequestedSubscription> requested, int identifier) {
    requireConnected();
    requirePacketId(packetId);
    requireRequests().subscribe(packetId, requested, identifier);
  }

  /** UNSUBSCRIBE. */
  public void unsubscribe(int packetId, List<String> requested) {
    requireConnected();
    requirePacketId(packetId);
    requireRequests().unsubscribe(packetId, requested);
  }

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
        && agreed.sessionExpirySeconds() == 0
        && newSessionExpirySeconds != 0) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR, "a session that expires at once cannot be prolonged");
    }
    boolean clean = reason == ReasonCode.NORMAL_DISCONNECTION;
    endReason = reason;
    detach(clean, newSessionExpirySeconds);
    client.close();
  }

  /** The network connection is gone: once what came before it is handled, the will is published. */
  public void connectionLost() {
    if (state == State.ATTACHING) {
      clientGone = true;
    } else {
      detach(false, null);
    }
  }

  /** Ends the connection from this side. */
  public void end(ReasonCode reason) {
    end(reason, false, null);
  }

  private void end(ReasonCode reason, boolean clean, @Nullable Long expirySeconds) {
    if (state == State.CLOSED) {
      return;
    }
    if (state == State.ATTACHING
        || (state == State.AWAITING_CONNECT
            && reason == ReasonCode.UNSUPPORTED_PROTOCOL_VERSION)) { // [MQTT-3.1.2-2]
      refuse(reason);
      return;
    }
    endReason = reason;
    boolean mayTell = state == State.CONNECTED && agreed.version() == ProtocolVersion.V5;
    detach(clean, expirySeconds);
    if (mayTell) {
      client.disconnect(reason);
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
    if (requests != null) {
      requests.close();
    }
    Session owned = session;
    if (owned != null) {
      Deliveries own = requireDeliveries();
      owned.detach(clean, expirySeconds, own.sentThrough());
      own.close(); // now that it is no member of any share group
    }
    handleEarly();
  }

  private void requireConnected() {
    if (state != State.CONNECTED) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR, "the first packet must be CONNECT [MQTT-3.1.0-1]");
    }
  }

  private static int requirePacketId(int packetId) {
    if (packetId == 0) {
      throw new ProtocolViolation(ReasonCode.PROTOCOL_ERROR, "packet identifier 0 [MQTT-2.2.1-3]");
    }
    return packetId;
  }

  private Session requireSession() {
    if (session == null) {
      throw new IllegalStateException("connected without a session");
    }
    return session;
  }

  private SubscriptionRequests requireRequests() {
    if (requests == null) {
      throw new IllegalStateException("connected without a session");
    }
    return requests;
  }

  private Deliveries requireDeliveries() {
    if (deliveries == null) {
      throw new IllegalStateException("connected without a session");
    }
    return deliveries;
  }
}
