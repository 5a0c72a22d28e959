package io.vmqtt.testkit.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A message of QoS 2 arrives once: never twice, and not never if it was acknowledged. */
public final class QosTwoExactlyOnce implements Invariant {
  private static final int EXACTLY_ONCE = 2;

  @Override
  public List<Violation> violations(History history) {
    List<Violation> violations = new ArrayList<>();
    for (String subscriber : history.subscribers()) {
      Map<SentMessage, Integer> times = new HashMap<>();
      for (SentMessage received : history.receivedBy(subscriber)) {
        if (received.qos() == EXACTLY_ONCE) {
          times.merge(received, 1, Integer::sum);
        }
      }
      times.forEach(
          (message, count) -> {
            if (count > 1) {
              violations.add(Violation.at(subscriber, "received " + count + " times", message));
            }
          });
      for (SentMessage owed : history.owedTo(subscriber)) {
        if (owed.qos() == EXACTLY_ONCE && !times.containsKey(owed)) {
          violations.add(Violation.at(subscriber, "never received", owed));
        }
      }
    }
    return violations;
  }
}
