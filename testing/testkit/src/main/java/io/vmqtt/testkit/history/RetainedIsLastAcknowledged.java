package io.vmqtt.testkit.history;

import java.util.ArrayList;
import java.util.List;

/**
 * Who reads the retained message of a topic gets the one that was acknowledged last before, or a
 * later one. For topics that one publisher writes.
 */
public final class RetainedIsLastAcknowledged implements Invariant {

  @Override
  public List<Violation> violations(History history) {
    List<Violation> violations = new ArrayList<>();
    for (History.RetainedRead read : history.retainedReads()) {
      SentMessage got = read.message();
      if (got == null && read.lastAcknowledged() > 0) {
        violations.add(
            Violation.of(
                read.topic() + " had no retained message, not that of " + read.lastAcknowledged()));
      } else if (got != null && got.sequence() < read.lastAcknowledged()) {
        violations.add(
            Violation.of("retained was " + got + ", not that of " + read.lastAcknowledged()));
      }
    }
    return violations;
  }
}
