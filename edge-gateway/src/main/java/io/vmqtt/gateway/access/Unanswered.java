package io.vmqtt.gateway.access;

import io.vmqtt.model.ReasonCode;
import java.util.concurrent.CancellationException;

/** That nobody waits for an answer of access control any more, and why: nothing was decided. */
public final class Unanswered extends CancellationException {
  private static final long serialVersionUID = 1;

  private final Why why;
  private final ReasonCode reason;

  /** What came in between. */
  public enum Why {
    /** Whoever had to say something, access control or the client, took too long. */
    TIMED_OUT,
    /** The client has gone. */
    CLIENT_GONE,
    /** Its connection was ended for another reason. */
    ENDED
  }

  private Unanswered(Why why, ReasonCode reason) {
    super(why.name());
    this.why = why;
    this.reason = reason;
  }

  /** Who asks wants to know why, not where: connections end all the time. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  /** It took too long. */
  public static Unanswered timedOut() {
    return new Unanswered(Why.TIMED_OUT, ReasonCode.SERVER_UNAVAILABLE);
  }

  /** The client has gone. */
  public static Unanswered clientGone() {
    return new Unanswered(Why.CLIENT_GONE, ReasonCode.UNSPECIFIED_ERROR);
  }

  /** The connection was ended for that reason. */
  public static Unanswered ended(ReasonCode reason) {
    return new Unanswered(Why.ENDED, reason);
  }

  /** What came in between. */
  public Why why() {
    return why;
  }

  /** What the client is told, if it is there to hear it. */
  public ReasonCode reason() {
    return reason;
  }
}
