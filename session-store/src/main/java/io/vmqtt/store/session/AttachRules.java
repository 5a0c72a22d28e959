package io.vmqtt.store.session;

import java.util.ArrayList;
import java.util.List;

/** How a connection comes to own a session [MQTT-3.1.2-4, 3.1.4-3]. */
final class AttachRules {
  private final ShardState state;
  private final SessionEnds ends;
  private final KeyRules keys;

  AttachRules(ShardState state, SessionEnds ends) {
    this.state = state;
    this.ends = ends;
    this.keys = new KeyRules(state);
  }

  Decision attach(Command.Attach attach, long timeMillis) {
    Session session = state.sessionOf(attach.clientId());
    if (session != null && session.header().isOwnedBy(attach.gateway(), attach.connection())) {
      SessionHeader own = session.header();
      return Decision.of(attached(own));
    }
    List<Change> changes = new ArrayList<>();
    if (attach.key() != null && !keys.isNew(attach.key(), timeMillis, changes)) {
      return Decision.of(
          new Reply.Failure(Reply.Reason.NOT_OWNER, "the session has gone on since"), changes);
    }
    if (session == null) {
      return begin(attach, changes);
    }
    SessionHeader header = session.header();
    if (header.gateway() == attach.gateway() && attach.connection() < header.connection()) {
      return Decision.of(
          new Reply.Failure(
              Reply.Reason.NOT_OWNER,
              "connection " + attach.connection() + " is older than " + header.connection()));
    }
    if (header.attached()) {
      changes.add(new Change.ConnectionReplaced(header.gateway(), header.connection()));
    }
    boolean goesOn =
        !attach.cleanStart() && header.persistent() && header.expiresAtMillis() > timeMillis;
    settleWill(header, goesOn, timeMillis, changes);
    if (goesOn) {
      return goOn(attach, session, changes);
    }
    changes.add(SessionEnds.end(session, session.begunThrough()));
    return begin(attach, changes);
  }

  /**
   * A will with a delay is called off by a new connection that continues the session
   * [MQTT-3.1.3-9]; any other is published: the old connection ends badly, or its session does.
   */
  private void settleWill(
      SessionHeader header, boolean goesOn, long timeMillis, List<Change> changes) {
    Will will = header.will();
    boolean setOff = header.attached() || header.willDueAtMillis() != 0;
    if (will != null && setOff && !(goesOn && will.delaySeconds() > 0)) {
      changes.add(ends.arm(will, timeMillis, changes));
    }
  }

  private Decision begin(Command.Attach attach, List<Change> changes) {
    // Numbers of a shard never come twice and only grow, so the epoch exceeds every earlier one of
    // this client id, also where its record is gone.
    long number = ends.nextNumber(changes);
    SessionHeader header = header(attach, number, number, false, 0);
    changes.add(new Change.SessionSaved(header));
    return Decision.of(attached(header), changes);
  }

  private Decision goOn(Command.Attach attach, Session session, List<Change> changes) {
    SessionHeader before = session.header();
    long sent = session.begunThrough();
    long epoch = Math.max(before.epoch() + 1, ends.nextNumber(changes));
    SessionHeader header = header(attach, before.number(), epoch, true, sent);
    changes.add(new Change.SessionSaved(header));
    return Decision.of(attached(header), changes);
  }

  private static Reply attached(SessionHeader header) {
    return new Reply.Attached(
        header.number(), header.epoch(), header.present(), header.expirySeconds());
  }

  private static SessionHeader header(
      Command.Attach attach, long number, long epoch, boolean present, long sentThrough) {
    return new SessionHeader(
        number,
        attach.clientId(),
        epoch,
        true,
        attach.gateway(),
        attach.connection(),
        present,
        attach.expirySeconds(),
        attach.receiveMaximum(),
        attach.will(),
        sentThrough,
        0,
        0);
  }
}
