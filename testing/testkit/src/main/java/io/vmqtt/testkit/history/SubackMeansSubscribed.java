package io.vmqtt.testkit.history;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What was sent after a SUBACK, and acknowledged, reaches the subscriber, unless its connection has
 * ended: then it knows that it may have missed something.
 */
public final class SubackMeansSubscribed implements Invariant {

  @Override
  public List<Violation> violations(History history) {
    List<Violation> violations = new ArrayList<>();
    for (History.Watch watch : history.watches()) {
      if (watch.ended()) {
        continue;
      }
      Set<SentMessage> received = new HashSet<>(watch.received());
      for (SentMessage owed : watch.owed()) {
        if (!received.contains(owed)) {
          violations.add(
              Violation.at(watch.subscriber(), "had its SUBACK and never received", owed));
        }
      }
    }
    return violations;
  }
}
