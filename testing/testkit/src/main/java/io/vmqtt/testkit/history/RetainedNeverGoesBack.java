package io.vmqtt.testkit.history;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A subscriber of a topic whose messages are all retained never hears of a value older than one
 * that it has heard. At QoS 1 a message may come again, but not if it comes for the first time; nor
 * as the retained one, unless that is a delivery that it had not acknowledged. For topics that one
 * publisher writes.
 */
public final class RetainedNeverGoesBack implements Invariant {

  @Override
  public List<Violation> violations(History history) {
    List<Violation> violations = new ArrayList<>();
    for (Hearing hearing : history.hearings()) {
      Set<SentMessage> seen = new HashSet<>();
      long newest = 0;
      for (Hearing.Heard heard : hearing.heard()) {
        SentMessage message = heard.message();
        boolean isRepeated = !seen.add(message) && (!heard.retained() || heard.again());
        if (message.sequence() < newest && !isRepeated) {
          violations.add(
              Violation.at(
                  hearing.subscriber(),
                  "heard " + newest + " and then" + (heard.retained() ? " as retained" : ""),
                  message));
        }
        newest = Math.max(newest, message.sequence());
      }
    }
    return violations;
  }
}
