package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Unanswered;
import io.vmqtt.gateway.quota.NamespaceUse;
import io.vmqtt.model.Message;
import io.vmqtt.model.ReasonCode;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One client connection: what every packet means, given all that came before it. Confined to one
 * thread; knows the time only from what it is told. A {@link ProtocolViolation} that it throws ends
 * the connection with the reason it carries.
 *
 * <p>It knows how far it has come; what there is to do on the way is up to its parts: {@link
 * Handshake}, {@link Inbound}, {@link SubscriptionRequests}, {@link Deliveries}.
 *
 * <pre>
 * state             what happens                          what it does                  then
 *
 * AWAITING_CONNECT  CONNECT                               asks access control           AUTHENTICATING
 *                   another packet, the network is lost   ends                          CLOSED
 * AUTHENTICATING    access control lets the client in     asks the shard to attach      ATTACHING
 *                   it refuses, fails, is slow, or a ban  CONNACK with the reason       CLOSED
 *                   the namespace has no room             CONNACK 0x97                  CLOSED
 *                   it wants to hear more                 AUTH 0x18
 *                   AUTH 0x18 then                        asks access control again
 *                   DISCONNECT then                       ends                          CLOSED
 *                   another packet, with a method         CONNACK 0x82                  CLOSED
 *                   the network is lost, nothing waits    takes the question back       CLOSED
 * ATTACHING         attached                              CONNACK                       CONNECTED
 *                   nobody answers                        CONNACK 0x88                  CLOSED
 *                   the shard refuses                     CONNACK with the reason       CLOSED
 *                   the session has another owner         CONNACK, DISCONNECT 0x8E      CLOSED
 * both              a packet, the network is lost         keeps it for CONNECTED
 * CONNECTED         a packet                              handles it
 *                   access control answers later          keeps what comes behind it
 *                   AUTH 0x19, and 0x18 after AUTH        asks access control, goes on
 *                   DISCONNECT, the network is lost       detaches from the session     CLOSED
 *                   an error, a ban, a new owner          DISCONNECT with the reason    CLOSED
 * CLOSED            anything                              nothing
 * </pre>
 */
public final class Connection extends Receiver implements Cluster.AttachCallback {

  /** How far the connection has come. */
  private enum State {
    /** Nothing has arrived; only CONNECT may. */
    AWAITING_CONNECT,
    /** CONNECT has arrived; access control, or the client in turn, is asked. Packets wait. */
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

  /** Null before access control has let the client in. */
  @Nullable Terms terms;

  /** Null before there is a session. */
  @Nullable Parts parts;

  /** Null unless the client comes by an authentication method, and has no CONNACK yet. */
  private @Nullable Handshake proving;

  private @Nullable ArrayDeque<Runnable> early;
  private boolean clientGone;
  private long connectNanos;

  /** The client's will may not be published any more. */
  private boolean willForbidden;

  private boolean reading = true;

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

  /** What holds between the client and this gateway. */
  public Agreement agreed() {
    return agreed;
  }

  /** Who the client is; null before access control has said so. */
  public @Nullable Identity identity() {
    return terms == null ? null : terms.may().who();
  }

  /** Why this side or the client ended it; null while nobody has, and where it was lost. */
  public @Nullable ReasonCode endReason() {
    return endReason;
  }

  /** Whether AUTH and DISCONNECT are all that may come, until CONNACK [MQTT-3.1.2-30]. */
  public boolean isProving() {
    return proving != null;
  }

  /** Whether nothing has come that could be understood. */
  public boolean awaitsConnect() {
    return state == State.AWAITING_CONNECT;
  }

  public boolean isConnected() {
    return state == State.CONNECTED;
  }

  public boolean isClosed() {
    return state == State.CLOSED;
  }

  // --- what has to wait ---

  /** True while packets have to wait: for the answer to CONNECT, or for access control. */
  public boolean isWaiting() {
    return state == State.ATTACHING || question.isOpen();
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
    boolean goesOn = !isWaiting() && (parts == null || !parts.inbound().isFull());
    if (goesOn != reading && state != State.CLOSED) {
      reading = goesOn;
      client.setReading(goesOn);
    }
  }

  /** Time passes: what has no answer in time is a no, and who waits for his turn may have it. */
  public void look(long nowNanos, long patienceNanos) {
    question.look(nowNanos, patienceNanos);
    if (parts != null) {
      parts.look(nowNanos, patienceNanos);
    }
    if (terms != null && cluster.currentTimeMillis() >= terms.may().who().untilMillis()) {
      end(ReasonCode.NOT_AUTHORIZED); // it would have to prove again who it is
    }
  }

  /** How long {@link #look} and {@link #writable} have nothing to do if nothing comes. */
  public long restMillis() {
    if (state != State.CONNECTED || isWaiting() || parts == null || !parts.isAtRest()) {
      return 0;
    }
    long untilMillis = terms == null ? Long.MAX_VALUE : terms.may().who().untilMillis();
    return untilMillis == Long.MAX_VALUE
        ? untilMillis
        : Math.max(0, untilMillis - cluster.currentTimeMillis());
  }

  /** What clients may do has changed: what this one has, and may not have any more, ends. */
  public void accessChanged() {
    if (state == State.CLOSED || terms == null) {
      return;
    }
    terms.may().renew();
    willForbidden = terms.may().forbidWill();
    if (parts != null) {
      parts.accessChanged();
    }
  }

  /** Others are banned than before: if this client is one of them, its connection ends. */
  public void bansChanged() {
    if (state != State.CLOSED && terms != null && entrance.access().isBanned(terms.may().who())) {
      end(ReasonCode.BANNED);
    }
  }

  // --- from CONNECT to CONNACK ---

  /** CONNECT. */
  public void connect(ConnectRequest request) {
    if (state != State.AWAITING_CONNECT) {
      throw new ProtocolViolation(ReasonCode.PROTOCOL_ERROR, "a second CONNECT [MQTT-3.1.0-2]");
    }
    state = State.AUTHENTICATING;
    connectNanos = cluster.nanoTime();
    agreed = Agreement.of(request, entrance.limits(), random);
    Handshake.Outcome outcome =
        new Handshake.Outcome() {
          @Override
          public void refused(ReasonCode reason) {
            refuse(reason);
          }

          @Override
          public void admitted(Authorizations may, @Nullable Will will) {
            attach(may, will);
          }
        };
    Handshake handshake =
        new Handshake(entrance, client, cluster, question, caller.get(), request, agreed, outcome);
    proving = request.authentication() == null ? null : handshake;
    handshake.begin();
    pace();
  }

  private void refuse(ReasonCode reason) {
    state = State.CLOSED;
    abandon(Unanswered.ended(reason));
    leaveNamespace();
    endReason = reason;
    client.refuseConnect(
        agreed.version(),
        reason == ReasonCode.SERVER_SHUTTING_DOWN ? ReasonCode.SERVER_UNAVAILABLE : reason);
    handleEarly();
  }

  /** Whoever is asked about the client, or the client itself, need not answer any more. */
  private void abandon(Unanswered why) {
    question.drop(why);
    if (proving != null) {
      proving.abandon(why);
    }
  }

  private void leaveNamespace() {
    if (terms != null) {
      terms.use().leave();
    }
  }

  private void attach(Authorizations may, @Nullable Will will) {
    may.renew(); // its will may have been asked about in an earlier turn
    NamespaceUse use = entrance.uses().join(may.who().namespace());
    if (use == null) {
      refuse(ReasonCode.QUOTA_EXCEEDED);
      return;
    }
    state = State.ATTACHING;
    Cluster home = NamespacedCluster.of(cluster, may.who());
    terms =
        new Terms(agreed, entrance.limits(), client, home, may, entrance.policies(), use, question);
    home.attach(
        new Cluster.AttachRequest(
            may.who().clientId(),
            agreed.cleanStart(),
            agreed.sessionExpirySeconds(),
            agreed.window(),
            will,
            may.willOwner()),
        this);
  }

  @Override
  public void attached(Session given, boolean sessionPresent, @Nullable Long expirySeconds) {
    if (state != State.ATTACHING || terms == null) {
      given.detach(willForbidden, null, 0);
      return;
    }
    Handshake proved = proving;
    state = State.CONNECTED;
    parts =
        Parts.of(
            terms,
            NamespacedSession.of(given, terms.cluster()),
            proved == null ? null : proved.again(terms, this::accessChanged, this::end),
            this::end);
    accept(sessionPresent, expirySeconds);
    cluster.accepted(connectNanos);
    if (sessionPresent) {
      parts.accessChanged(); // it was another's, or the client could do more then
    }
    proceed();
  }

  private void accept(boolean sessionPresent, @Nullable Long expirySeconds) {
    if (!clientGone) {
      AuthenticationData proof = proving == null ? null : proving.proof();
      client.connAck(agreed.accepted(sessionPresent, expirySeconds, proof));
    }
    proving = null;
  }

  /** Nobody could say in time whether the client may have its session, or give it. */
  @Override
  public void unavailable() {
    if (state == State.AUTHENTICATING) {
      question.giveUp();
    } else if (state == State.ATTACHING) {
      refuse(ReasonCode.SERVER_UNAVAILABLE);
    }
  }

  /** Whoever has to say something before the client is in, be it the client, takes too long. */
  public void connectTimedOut() {
    if (isWaiting()) {
      unavailable();
    } else {
      abandon(Unanswered.timedOut());
      end(ReasonCode.UNSPECIFIED_ERROR);
    }
  }

  /** There may be no such session. */
  @Override
  public void refused(ReasonCode reason) {
    if (state == State.ATTACHING) {
      refuse(reason);
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
        accept(!agreed.cleanStart(), null);
      }
    }
    end(reason);
  }

  // --- packets of the client ---

  /** AUTH. */
  public void auth(ReasonCode reason, AuthenticationData said) {
    if (state == State.AUTHENTICATING && proving != null) {
      proving.auth(reason, said);
    } else {
      connected().auth(reason, said);
    }
    pace();
  }

  /** PUBLISH that was not sent before. */
  public void publish(Message message, int packetId, int topicAlias) {
    publish(message, packetId, topicAlias, false);
  }

  /**
   * PUBLISH.
   *
   * @param message with an empty topic if only an alias was sent
   * @param packetId 0 at QoS 0
   * @param topicAlias 0: none
   * @param dup it may have been sent before
   */
  public void publish(Message message, int packetId, int topicAlias, boolean dup) {
    connected().inbound().publish(message, packetId, topicAlias, dup);
    pace();
  }

  /** To be called when answers to publishes may have left: reading goes on if it had stopped. */
  public void speedUp() {
    if (parts != null && parts.inbound().isFull()) {
      parts.inbound().relieve();
      pace();
    }
  }

  /** PUBREL. */
  public void pubRel(int packetId) {
    connected().inbound().pubRel(packetId);
  }

  /** PUBACK. */
  public void pubAck(int packetId) {
    Parts live = connected();
    live.deliveries().acknowledged(packetId);
    live.session().roomForMore();
  }

  /** PUBREC. */
  public void pubRec(int packetId, boolean failed) {
    Parts live = connected();
    live.deliveries().received(packetId, failed);
    live.session().roomForMore();
  }

  /** PUBCOMP. */
  public void pubComp(int packetId) {
    Parts live = connected();
    live.deliveries().completed(packetId);
    live.session().roomForMore();
  }

  /** SUBSCRIBE. */
  public void subscribe(int packetId, List<RequestedSubscription> requested, int identifier) {
    connected().subscriptions().subscribe(requirePacketId(packetId), requested, identifier);
    pace();
  }

  /** UNSUBSCRIBE. */
  public void unsubscribe(int packetId, List<String> requested) {
    connected().subscriptions().unsubscribe(requirePacketId(packetId), requested);
  }

  /** PINGREQ. */
  public void pingReq() {
    var _ = connected();
    client.pingResp();
  }

  /**
   * DISCONNECT.
   *
   * @param reason normal, or with the will to be published
   * @param newSessionExpirySeconds null: unchanged
   */
  public void disconnect(ReasonCode reason, @Nullable Long newSessionExpirySeconds) {
    if (state != State.AUTHENTICATING || proving == null) {
      var _ = connected();
    }
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

  private Parts connected() {
    if (state != State.CONNECTED || parts == null) {
      throw new ProtocolViolation(
          ReasonCode.PROTOCOL_ERROR, "the first packet must be CONNECT [MQTT-3.1.0-1]");
    }
    return parts;
  }

  static int requirePacketId(int packetId) {
    if (packetId == 0) {
      throw new ProtocolViolation(ReasonCode.PROTOCOL_ERROR, "packet identifier 0 [MQTT-2.2.1-3]");
    }
    return packetId;
  }

  // --- deliveries to the client ---

  @Override
  @Nullable Deliveries deliveries() {
    return state == State.CONNECTED && parts != null ? parts.deliveries() : null;
  }

  /** Bytes that wait for the client, or of it, those in its socket not counted. */
  public long waitingBytes() {
    return parts == null ? 0 : parts.waitingBytes();
  }

  /** Tells the packet identifiers of deliveries that the client has not finished. */
  public void unfinished(IntConsumer packetIds) {
    Deliveries deliveries = deliveries();
    if (deliveries != null) {
      deliveries.unfinished(packetIds);
    }
  }

  /** The transport may take more again. */
  public void writable() {
    if (state == State.CONNECTED && parts != null) {
      parts.deliveries().writable();
      parts.session().roomForMore();
    }
  }

  // --- the end ---

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

  @Override
  public void end(ReasonCode reason) {
    if (state == State.CLOSED) {
      return;
    }
    if (state == State.AUTHENTICATING
        || state == State.ATTACHING
        || (state == State.AWAITING_CONNECT
            && (reason == ReasonCode.UNSUPPORTED_PROTOCOL_VERSION // [MQTT-3.1.2-2]
                || reason == ReasonCode.CLIENT_IDENTIFIER_NOT_VALID))) {
      refuse(reason);
      return;
    }
    endReason = reason;
    boolean mayTell = state == State.CONNECTED && agreed.version() == ProtocolVersion.V5;
    detach(false, null);
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
    abandon(Unanswered.clientGone());
    leaveNamespace();
    if (parts != null) {
      parts.close(clean || willForbidden, expirySeconds);
    }
    handleEarly();
  }
}
