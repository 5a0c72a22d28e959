package io.vmqtt.cluster.identity;

import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Says of calls to a process that they came to nothing because of who is at one of their ends. Safe
 * from any thread.
 */
public final class CallsInVain {
  /** What gRPC says of a connection that ends without any word of HTTP/2. */
  private static final String CLOSED = "Network closed for unknown reason";

  private final String called;
  private final String expected;
  private final @Nullable ProcessIdentity identity;
  private final Refusals refusals;
  private final Predicate<Throwable> isWithoutTls;

  /**
   * @param called for people: {@code session-store}
   * @param expected the role that who is called has to prove, for people
   * @param identity what this process shows; null: it calls in clear text
   * @param isWithoutTls whether a failure says that the other side speaks no TLS
   */
  public CallsInVain(
      String called,
      String expected,
      @Nullable ProcessIdentity identity,
      Refusals refusals,
      Predicate<Throwable> isWithoutTls) {
    this.called = called;
    this.expected = expected;
    this.identity = identity;
    this.refusals = refusals;
    this.isWithoutTls = isWithoutTls;
  }

  /**
   * A call had no answer.
   *
   * @param where host and port
   * @param words what gRPC says of it
   * @param cause what is behind that
   */
  public void note(String where, @Nullable String words, @Nullable Throwable cause) {
    ProcessIdentity shown = identity;
    Throwable failure = failureOfTls(cause);
    if (shown == null) {
      if (CLOSED.equals(words)) {
        refusals.say(
            whom(where)
                + " closed the connection before it said a word: if it wants TLS, this process needs"
                + " --cluster-certificate");
      }
    } else if (failure != null && isWithoutTls.test(failure)) {
      refusals.say(
          "refuses what is at "
              + where
              + ": a certificate of "
              + expected
              + " was expected, one without TLS came");
    } else if (failure != null && !WrongPeerException.isBehind(failure)) {
      refusals.say(
          "refused by "
              + whom(where)
              + ", to which it shows "
              + shown.shown()
              + ": "
              + failure.getMessage());
    }
  }

  private static @Nullable Throwable failureOfTls(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return cause;
      }
    }
    return null;
  }

  private String whom(String where) {
    return called + " at " + where;
  }
}
