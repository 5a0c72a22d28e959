package io.vmqtt.testkit.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Messages of one publisher to one topic at one QoS arrive in the order in which they were sent. At
 * QoS 1 a message may come again, later ones in between; what counts is where each came first
 * [MQTT-4.6.0].
 */
public final class OrderPerPublisherAndTopic implements Invariant {

  private record Stream(String publisher, String topic, int qos) {}

  @Override
  public List<Violation> violations(History history) {
    List<Violation> violations = new ArrayList<>();
    for (String subscriber : history.subscribers()) {
      Map<Stream, SentMessage> latest = new HashMap<>();
      Set<SentMessage> seen = new HashSet<>();
      for (SentMessage received : history.receivedBy(subscriber)) {
        if (!seen.add(received)) {
          continue;
        }
        Stream stream = new Stream(received.publisher(), received.topic(), received.qos());
        SentMessage before = latest.put(stream, received);
        if (before != null && before.sequence() > received.sequence()) {
          violations.add(
              new Violation(
                  subscriber + " received " + received + " after " + before.sequence(),
                  received,
                  subscriber));
        }
      }
    }
    return violations;
  }
}
