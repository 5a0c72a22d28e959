package io.vmqtt.testkit.history;

import java.util.ArrayList;
import java.util.List;

/** What the broker acknowledged at QoS 1 or 2 reaches everyone who had subscribed. */
public final class NoAcknowledgedMessageLost implements Invariant {

  @Override
  public List<Violation> violations(History history) {
    List<Violation> violations = new ArrayList<>();
    for (String subscriber : history.subscribers()) {
      for (SentMessage missing : history.missingAt(subscriber)) {
        if (missing.qos() > 0) {
          violations.add(Violation.at(subscriber, "never received", missing));
        }
      }
    }
    return violations;
  }
}
