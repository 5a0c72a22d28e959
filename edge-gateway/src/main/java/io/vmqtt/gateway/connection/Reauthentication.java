package io.vmqtt.gateway.connection;

import io.vmqtt.gateway.access.Access;
import io.vmqtt.gateway.access.Credentials;
import io.vmqtt.gateway.access.Exchange;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.gateway.access.Unanswered;
import io.vmqtt.model.ReasonCode;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * AUTH of a client that is connected, and has come by an authentication method: it may prove again
 * who it is [4.12.1]. Its other packets go on meanwhile, in the name that it had. Where it fails,
 * or takes too long, the connection ends. Where nobody has time to look at what it has sent first,
 * that is kept, and looked at later: newcomers must not end those who are connected.
 */
final class Reauthentication implements AuthExchange.Outcome {
  /** As often it may begin from one look to the next, a second later. */
  static final int MOST_AT_ONCE = 10;

  /** Other reasons than that it is not who it was; most are no words of DISCONNECT. */
  private static final Set<ReasonCode> SAID =
      Set.of(ReasonCode.SERVER_BUSY, ReasonCode.PACKET_TOO_LARGE);

  private final String method;
  private final Credentials credentials;
  private final Access access;
  private final Terms terms;
  private final Runnable changed;
  private final Consumer<ReasonCode> end;
  private final OpenQuestion question;

  /** Null: none is under way. */
  private @Nullable AuthExchange exchange;

  /** What began the exchange that is under way, before its first answer; null: none is so far. */
  private byte @Nullable [] first;

  /** What nobody has had time for; null: nothing. */
  private byte @Nullable [] unheard;

  /** The exchange that it was to begin, the last time; null: none was. */
  private @Nullable Exchange lastBegun;

  private int begun;
  private boolean seen;
  private long seenNanos;

  /**
   * Nothing has come yet.
   *
   * @param method that of CONNECT
   * @param changed runs when what the client may do has changed
   * @param end ends the connection
   */
  Reauthentication(
      String method,
      Credentials credentials,
      Access access,
      Terms terms,
      Runnable changed,
      Consumer<ReasonCode> end) {
    this.method = method;
    this.credentials = credentials;
    this.access = access;
    this.terms = terms;
    this.changed = changed;
    this.end = end;
    this.question = new OpenQuestion(terms.cluster(), () -> {});
  }

  /** AUTH. */
  void auth(ReasonCode reason, AuthenticationData said) {
    AuthExchange present = exchange;
    if (present != null) {
      first = null;
      present.auth(reason, said);
    } else if (unheard == null && reason == ReasonCode.RE_AUTHENTICATE) {
      AuthExchange.requireMethod(method, said);
      begin(said.data());
    } else {
      throw new ProtocolViolation(ReasonCode.PROTOCOL_ERROR, "AUTH that was not asked for");
    }
  }

  private void begin(byte[] data) {
    begun++;
    if (begun > MOST_AT_ONCE) {
      throw new ProtocolViolation(
          ReasonCode.MESSAGE_RATE_TOO_HIGH, "it authenticates again and again");
    }
    seen = false;
    ask(data);
  }

  private void ask(byte[] data) {
    Optional<Exchange> offered = access.begin(method, credentials, terms.may().who());
    if (offered.isEmpty()) {
      refused(ReasonCode.BAD_AUTHENTICATION_METHOD);
      return;
    }
    Exchange begins = offered.get();
    lastBegun = begins;
    AuthExchange next =
        new AuthExchange(
            method, begins, question, terms.client(), terms.cluster(), terms.agreed(), this);
    exchange = next;
    first = data;
    next.begin(data);
  }

  @Override
  public void refused(ReasonCode reason) {
    byte[] data = first;
    exchange = null;
    first = null;
    if (reason == ReasonCode.SERVER_BUSY && data != null) {
      keep(data);
    } else {
      end.accept(SAID.contains(reason) ? reason : ReasonCode.NOT_AUTHORIZED);
    }
  }

  /** It counts among what waits for clients, and there is one for each at most. */
  private void keep(byte[] data) {
    unheard = data;
    terms.cluster().memory().add(data.length);
  }

  private byte @Nullable [] takeUnheard() {
    byte[] data = unheard;
    if (data != null) {
      unheard = null;
      terms.cluster().memory().add(-data.length);
    }
    return data;
  }

  @Override
  public void accepted(Identity who, AuthenticationData last) {
    exchange = null;
    first = null;
    lastBegun = null;
    boolean same = who.isProvenAs(terms.may().who());
    terms.may().prove(who);
    if (!same) {
      changed.run(); // else all of its session would be judged, as often as it likes
    }
    if (!terms.client().auth(ReasonCode.SUCCESS, last, terms.agreed().maximumPacketBytes())) {
      end.accept(ReasonCode.PACKET_TOO_LARGE);
    }
  }

  /** Whether no exchange is under way. */
  boolean isAtRest() {
    return exchange == null && unheard == null;
  }

  /** Time passes: what takes longer than that has failed, whoever is waited for. */
  void look(long nowNanos, long patienceNanos) {
    begun = 0;
    if (exchange == null && unheard == null) {
      return;
    }
    if (!seen) {
      seen = true;
      seenNanos = nowNanos;
    } else if (nowNanos - seenNanos > patienceNanos) {
      giveUp();
      return;
    }
    byte[] data = takeUnheard();
    if (data != null) {
      ask(data);
    }
  }

  private void giveUp() {
    if (unheard != null && lastBegun != null) {
      lastBegun.unheard();
    }
    abandon(Unanswered.timedOut());
    end.accept(unheard == null ? ReasonCode.NOT_AUTHORIZED : ReasonCode.SERVER_BUSY);
  }

  /** Bytes that wait here until somebody has time for them. */
  long waitingBytes() {
    return unheard == null ? 0 : unheard.length;
  }

  /** The connection is over: an answer that comes now is for nobody. */
  void close() {
    var _ = takeUnheard();
    abandon(Unanswered.clientGone());
  }

  private void abandon(Unanswered why) {
    question.drop(why);
    if (exchange != null) {
      exchange.abandon(why);
    }
  }
}
