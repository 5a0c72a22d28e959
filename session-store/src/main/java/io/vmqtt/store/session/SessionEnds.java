package io.vmqtt.store.session;

import java.util.ArrayList;
import java.util.List;

/** How attachments and sessions end, and what becomes of their wills. */
final class SessionEnds {
  private final ShardState state;

  SessionEnds(ShardState state) {
    this.state = state;
  }

  /** The next of the shard's numbers, those not counted that {@code changes} take already. */
  long nextNumber(List<Change> changes) {
    long last = state.lastNumber();
    for (Change change : changes) {
      if (change instanceof Change.PublishArmed armed) {
        last = Math.max(last, armed.publish().number());
      } else if (change instanceof Change.SessionSaved saved) {
        last = Math.max(last, Math.max(saved.header().number(), saved.header().epoch()));
      }
    }
    return last + 1;
  }

  List<Change> detach(
      Session session, boolean normal, long expirySeconds, long sentThrough, long timeMillis) {
    return detach(session, normal, expirySeconds, sentThrough, timeMillis, List.of());
  }

  /**
   * Ends an attachment. A will waits for its delay, but not longer than the session lasts
   * [MQTT-3.1.3-9].
   *
   * @param before changes of the same command that come first
   */
  List<Change> detach(
      Session session,
      boolean normal,
      long expirySeconds,
      long sentThrough,
      long timeMillis,
      List<Change> before) {
    SessionHeader detached = session.header().detached(timeMillis, expirySeconds, sentThrough);
    Will will = normal ? null : detached.will();
    boolean over = expirySeconds == 0;
    List<Change> changes = new ArrayList<>(2);
    if (will != null && (over || will.delaySeconds() == 0)) {
      changes.add(arm(will, timeMillis, before));
      will = null;
    }
    if (over) {
      changes.add(end(session, sentThrough));
    } else {
      long due = will == null ? 0 : timeMillis + will.delaySeconds() * 1000;
      changes.add(new Change.SessionSaved(detached.withWill(will, due)));
    }
    return changes;
  }

  /** The time of a detached session has come: its end, or that of its will. */
  List<Change> wake(Session session, long timeMillis, List<Change> before) {
    SessionHeader header = session.header();
    Will will = header.will();
    boolean over = header.expiresAtMillis() <= timeMillis;
    boolean willDue = header.willDueAtMillis() != 0 && header.willDueAtMillis() <= timeMillis;
    List<Change> changes = new ArrayList<>(2);
    if (will != null && header.willDueAtMillis() != 0 && (over || willDue)) {
      changes.add(arm(will, timeMillis, before));
    }
    if (over) {
      changes.add(end(session, session.begunThrough()));
    } else if (willDue) {
      changes.add(new Change.SessionSaved(header.withWill(null, 0)));
    }
    return changes;
  }

  /**
   * A session ends with all it has, but for what came by way of share groups: their other members
   * are to have that [MQTT5 4.8.2].
   *
   * @param begunThrough deliveries up to this sequence may have been sent
   */
  static Change end(Session session, long begunThrough) {
    return session.backlog().hasShared()
        ? new Change.SessionEnded(session.number(), begunThrough)
        : new Change.SessionRemoved(session.number());
  }

  Change arm(Will will, long timeMillis, List<Change> before) {
    return new Change.PublishArmed(PendingPublish.ofWill(nextNumber(before), will, timeMillis));
  }
}
