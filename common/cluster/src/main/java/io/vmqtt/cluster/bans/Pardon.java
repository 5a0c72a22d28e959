package io.vmqtt.cluster.bans;

import java.time.Duration;
import java.time.Instant;

/**
 * That those are held off no longer who were when an operator said so, and that what they did until
 * then is forgotten. It forgives nothing that is done afterwards.
 *
 * @param who whom it is about: all who come from an address or network, or one of a name, wherever
 *     it comes from; in every namespace
 * @param at what has begun by then is over
 * @param reason why, for people; may be empty
 * @param by who says so, for people; may be empty
 */
public record Pardon(Banned who, Instant at, String reason, String by) {
  /** So long a hold-off may last, as the bound of its option says: a pardon older is about none. */
  public static final Duration LONGEST_HOLD_OFF = Duration.ofDays(1);

  /** Whether there can be nothing left that it is about. */
  public boolean hasEnded(Instant now) {
    return now.minus(LONGEST_HOLD_OFF).isAfter(at);
  }

  /** The same, but of nothing that begins after then: clocks and files can be wrong. */
  public Pardon notAfter(Instant latest) {
    return at.isAfter(latest) ? new Pardon(who, latest, reason, by) : this;
  }

  @Override
  public String toString() {
    return who.label() + ' ' + who.text();
  }
}
