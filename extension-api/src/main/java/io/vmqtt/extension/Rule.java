package io.vmqtt.extension;

import java.util.List;
import java.util.Set;

/**
 * Whether a client may do something with some topics.
 *
 * @param allows or denies
 * @param actions at least one
 * @param topics filters of MQTT, at least one, with variables such as {@code ${clientid}}, as rules
 *     in a file have them
 */
public record Rule(boolean allows, Set<Action> actions, List<String> topics) {

  /** What is done with a topic. */
  public enum Action {
    PUBLISH,
    SUBSCRIBE
  }

  public Rule {
    actions = Set.copyOf(actions);
    topics = List.copyOf(topics);
    if (actions.isEmpty() || topics.isEmpty()) {
      throw new IllegalArgumentException("a rule needs an action and a topic");
    }
  }

  /** Allows to publish to topics. */
  public static Rule allowPublish(String... topics) {
    return new Rule(true, Set.of(Action.PUBLISH), List.of(topics));
  }

  /** Allows to subscribe to topics. */
  public static Rule allowSubscribe(String... topics) {
    return new Rule(true, Set.of(Action.SUBSCRIBE), List.of(topics));
  }

  /** Denies both. */
  public static Rule deny(String... topics) {
    return new Rule(false, Set.of(Action.PUBLISH, Action.SUBSCRIBE), List.of(topics));
  }
}
