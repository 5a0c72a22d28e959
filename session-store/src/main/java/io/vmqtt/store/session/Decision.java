package io.vmqtt.store.session;

import io.vmqtt.model.Delivery;
import java.util.List;

/**
 * What comes of a command.
 *
 * @param reply to whoever asked
 * @param changes in order
 * @param pushes messages of QoS 0, which are nobody's state
 */
public record Decision(Reply reply, List<Change> changes, List<DirectPush> pushes) {

  static Decision of(Reply reply) {
    return new Decision(reply, List.of(), List.of());
  }

  static Decision of(Reply reply, List<Change> changes) {
    return new Decision(reply, changes, List.of());
  }

  /** A message of QoS 0 for an attached session. */
  public record DirectPush(long session, Publication publication, Delivery delivery) {}
}
