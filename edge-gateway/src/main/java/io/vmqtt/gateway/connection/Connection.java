package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.access.Identity;
import io.vmqtt.model.Message;
import io.vmqtt.model.ReasonCode;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One client connection: what every packet means, given all that came before it. Confined to one
 * thread; knows the time only from what it is told. A {@link ProtocolViolation} that it throws ends
 * the connection with the reason it carries.
 *
 * <p>In all states but the first and the last packets may have to wait, and are handled in order
 * when they need not any more.
 */
public final class Connection implements Cluster.AttachCallback {

  /** How far the connection has come. */
  private enum State {
    /** Nothing has arrived; only CONNECT may. */
    AWAITING_CONNECT,
    /** CONNECT has arrived; access control is being asked. Packets wait. */
    AUTHENTICATING,
    /**
     * The session's owner is being asked. Packets wait, and the end of the client's side is no more
     * than one of them.
     */
    ATTACHING,
    /** CONNACK has accepted. Packets wait while access control is being asked about one. */
    CONNECTED,
    /** Over; nothing is sent or handled any more. */
    CLOSED
  }

  private final Entrance entrance;
  private final Supplier<Caller> caller;
  private final ClientOutput client;
  private final Cluster cluster;
  private final RandomGenerator random;
  private final OpenQuestion question;

  private State state = State.AWAITING_CONNECT;
  private @Nullable ReasonCode endReason;
  private Agreement agreed = Agreement.NONE;
  private @Nullable Identity identity;
  private @Nullable Authorizations may;
  private @Nullable Session session;
  private @Nullable Inbound inbound;
  private @Nullable SubscriptionRequests requests;
  private @Nullable Deliveries deliveries;
  private @Nullable ArrayDeque<Runnable> early;
  private boolean clientGone;
  private boolean reading = true;
  private long deliveredThrough;

  /**
   * A connection that has just been accepted by the transport.
   *
   * @param entrance where it came in
   * @param caller who has come, as far as the transport can tell when CONNECT is here
   */
  public Connection(
      Entrance entrance,
      Supplier<Caller> caller,
      ClientOutput client,
      Cluster cluster,
      RandomGenerator random) {
    this.entrance = entrance;
    this.caller = caller;
    this.client = client;
    this.cluster = cluster;
    this.random = random;
    this.question = new OpenQuestion(cluster, this::proceed);
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

  /** Who the client is; null before access control has said so. */
  public @Nullable Identity identity() {
    return identity;
  }

  /** True while packets have to wait: for the answer to CONNECT, or for access control. */
  public boolean isWaiting() {
    return state == State.ATTACHING || question.isOpen();
  }

  public boolean isClosed() {
    return state == State.CLOSED;
  }

  /**
   * Keeps what has to wait: MQTT lets a client send everything at once, and go. It runs in any
   * case, to find the connection closed where it is by then.
   */
  public void whenReady(Runnable packet) {
    if (early == null) {
      early = new ArrayDeque<>(4);
    }
    early.addLast(packet);
  }

  private boolean hasEarly() {
    return early != null && !early.isEmpty();
  }

  private void handleEarly() {
    ArrayDeque<Runnable> packets = early;
    while (packets != null && !packets.isEmpty() && !isWaiting()) {
      packets.removeFirst().run();
    }
    if (packets != null && packets.isEmpty()) {
      early = null;
    }
  }

  /** Something has been answered: what has waited for it goes on. */
  private void proceed() {
    handleEarly();
    if (clientGone && !isWaiting()) {
      detach(false, null);
    }
    pace();
  }

  /** Nothing is read of which it is clear that it would have to wait. */
  private void pace() {
    boolean goesOn = !isWaiting() && (inbound == null || !inbound.isFull());
    if (goesOn != reading && state != State.CLOSED) {
      reading = goesOn;
      client.setReading(goesOn);
    }
  }

  /** Time passes: what access control does not answer in time is a no. */
  public void look(long nowNanos, long patienceNanos) {
    question.look(nowNanos, patienceNanos);
  }

  // --- CONNECT ---

  /** CONNECT. */
  public void connect(ConnectRequest request) {
    if (state != State.AWAITING_CONNECT) {
      throw new ProtocolViolation(ReasonCode.PROTOCOL_ERROR, "a second CONNECT [MQTT-3.1.0-2]");
    }
    state = State.AUTHENTICATING;
    agreed = Agreement.of(request, entrance.limits(), random);
    Handshake.Outcome outcome =
        new Handshake.Outcome() {
          @Override
          public void refused(ReasonCode reason) {
            refuse(reason);
          }

          @Override
          public void admitted(Identity who, Authorizations its, @Nullable Will will) {
            attach(who, its, will);
          }
        };
    new Handshake(entrance, client, cluster, question, request, agreed, outcome)
        .begin(caller.get());
    pace();
  }

  private void refuse(ReasonCode reason) {
    state = State.CLOSED;
    question.drop();
    endReason = reason;
    client.refuseConnect(
        agreed.version(),
        reason == ReasonCode.SERVER_SHUTTING_DOWN ? ReasonCode.SERVER_UNAVAILABLE : reason);
    handleEarly();
  }

  private void attach(Identity who, Authorizations its, @Nullable Will will) {
    state = State.ATTACHING;
    identity = who;
    may = its;
    cluster.attach(
        new Cluster.AttachRequest(
            who.clientId(),
            agreed.cleanStart(),
            agreed.sessionExpirySeconds(),
            agreed.window(),
            will),
        this);
  }

  @Override
  public void attached(Session owned, boolean sessionPresent, @Nullable Long expirySeconds) {
    if (state != State.ATTACHING || may == null) {
      owned.detach(false, null, 0);
      return;
    }
    state = State.CONNECTED;
    Terms terms = new Terms(agreed, entrance.limits(), client, cluster, may, question);
    session = owned;
    inbound = new Inbound(terms, owned, this::end);
    requests = new SubscriptionRequests(terms, owned);
    deliveries =
        owned.isDurable()
            ? new DurableDeliveries(client, owned, agreed, entrance.limits(), cluster.memory())
            : new TransientDeliveries(client, agreed.window(), entrance.limits(), cluster.memory());
    if (!clientGone) {
      client.connAck(agreed.accepted(sessionPresent, expirySeconds));
    }
    proceed();
  }

  @Override
  public void unavailable() {
    if (state == State.AUTHENTICATING) {
      question.giveUp();
    } else if (state == State.ATTACHING) {
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
    requireInbound().publish(message, packetId, topicAlias);
    pace();
  }

  /** To be called when answers to publishes may have left: reading goes on if it had stopped. */
  public void speedUp() {
    if (inbound != null && inbound.isFull()) {
      inbound.relieve();
      pace();
    }
  }

  /** PUBREL. */
  public void pubRel(int packetId) {
    requireConnected();
    requireInbound().pubRel(packetId);
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
    pace();
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

  /**
   * The network connection is gone: once what came before it is handled, the will is published.
   * Nobody is let in for nothing, so a CONNECT with nothing behind it is forgotten.
   */
  public void connectionLost() {
    if (isWaiting() && (state != State.AUTHENTICATING || hasEarly())) {
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
    if (state == State.AUTHENTICATING
        || state == State.ATTACHING
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
    question.drop();
    if (inbound != null) {
      inbound.close();
    }
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

  static int requirePacketId(int packetId) {
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

  private Inbound requireInbound() {
    if (inbound == null) {
      throw new IllegalStateException("connected without a session");
    }
    return inbound;
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
