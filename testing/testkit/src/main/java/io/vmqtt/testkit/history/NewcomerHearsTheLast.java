package io.vmqtt.testkit.history;

import java.util.ArrayList;
import java.util.List;

/**
 * Whoever subscribes to a topic whose messages are all retained ends up with the last value that
 * was acknowledged, whenever it came; where that says that there is none any more, no value is left
 * with it. For topics that one publisher writes.
 */
public final class NewcomerHearsTheLast implements Invariant {

  @Override
  public List<Violation> violations(History history) {
    List<Violation> violations = new ArrayList<>();
    for (Hearing hearing : history.hearings()) {
      SentMessage last = history.lastState(hearing.topic());
      if (last == null || !hearing.isOwed()) {
        continue;
      }
      long newest = 0;
      for (Hearing.Heard heard : hearing.heard()) {
        newest = Math.max(newest, heard.message().sequence());
      }
      boolean hasNone = newest == 0 && history.isClearing(last);
      if (newest < last.sequence() && !hasNone) {
        violations.add(
            Violation.at(hearing.subscriber(), "heard at last " + newest + ", and not of", last));
      }
    }
    return violations;
  }
}
