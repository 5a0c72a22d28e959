package io.vmqtt.gateway.access;

import io.vmqtt.model.ReasonCode;

/**
 * Access control: who is let in, and what each may do. Asked on the threads of event loops, which
 * it must not hold up; it may answer later, on any thread.
 *
 * <p>Whoever knows the answer at once returns a future that is complete, which costs no turn, and
 * which for a {@link Permission} is a constant. One that is not complete is for this question
 * alone: it is cancelled, by an {@link Unanswered}, when nobody waits for it any more, and packets
 * of the connection wait for it until then. One that fails means no; so does an exception.
 */
public interface Access extends Authenticator {

  /** The same that lets nobody in, for a reason that it need not look for itself. */
  default Access refusing(ReasonCode reason) {
    return new RefusingAccess(reason, this);
  }

  /**
   * Hears of a CONNECT, or of what came in its place, that was refused for what it is, before
   * anybody could be asked: nothing is to be decided.
   *
   * @param claimed who it says that it is, as far as it could be read; its client id may be empty
   */
  default void refusedUnasked(Identity claimed, ReasonCode reason) {}

  /**
   * What one client may do, as the thread of its connection asks. Whoever knows at once what is the
   * same for all questions about a client finds it out here.
   */
  Authorizer forIdentity(Identity who);

  /**
   * Whether somebody may not be connected, whatever he has proved: asked when everything else is
   * known of him, and again whenever it may have changed. Answers at once.
   */
  default boolean isBanned(Identity who) {
    return false;
  }
}
