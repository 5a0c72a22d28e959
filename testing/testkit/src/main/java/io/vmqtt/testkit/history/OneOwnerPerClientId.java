package io.vmqtt.testkit.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Of two connections with one client id the older is over: it gets no answer to what it sends once
 * the younger has had its CONNACK for so long that its gateway must have heard of it. Of two that
 * were under way to the broker at the same time either may be the younger, whoever of them has its
 * CONNACK first.
 */
public final class OneOwnerPerClientId implements Invariant {
  private final Duration notice;

  /**
   * @param notice within it the older connection may still be answered: a gateway that is cut off
   *     from the cluster, or asleep, hears of the younger one when it is back
   */
  public OneOwnerPerClientId(Duration notice) {
    this.notice = notice;
  }

  @Override
  public List<Violation> violations(History history) {
    List<Violation> violations = new ArrayList<>();
    List<History.Ownership> all = history.ownerships();
    for (int i = 0; i < all.size(); i++) {
      History.Ownership older = all.get(i);
      for (History.Ownership younger : all.subList(i + 1, all.size())) {
        boolean crossed = younger.calledNanos() < older.connectedNanos();
        long untilNanos =
            crossed
                ? Math.min(older.lastAnsweredNanos(), younger.lastAnsweredNanos())
                : older.lastAnsweredNanos();
        long overlapNanos = untilNanos - younger.connectedNanos();
        if (older.clientId().equals(younger.clientId()) && overlapNanos > notice.toNanos()) {
          violations.add(
              Violation.of(
                  "connection "
                      + older.number()
                      + " of "
                      + older.clientId()
                      + " was answered "
                      + Duration.ofNanos(overlapNanos).toMillis()
                      + " ms after the CONNACK of connection "
                      + younger.number()));
        }
      }
    }
    return violations;
  }
}
