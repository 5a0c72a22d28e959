package io.vmqtt.cluster.operation;

import io.vmqtt.model.TopicFilter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Which subscriptions of a session match a topic.
 *
 * @param subscriptions how many it has
 * @param matching those that match, a hundred at most
 * @param nearest where none does, the filters that come nearest: those that agree with the topic
 *     for the most levels
 */
public record SubscriptionMatch(
    int subscriptions, List<SessionView.SubscriptionInfo> matching, List<String> nearest) {
  private static final int MOST_MATCHING = 100;
  private static final int MOST_NEAREST = 3;

  /** Of a session without any. */
  public static final SubscriptionMatch NONE = new SubscriptionMatch(0, List.of(), List.of());

  public SubscriptionMatch {
    matching = List.copyOf(matching);
    nearest = List.copyOf(nearest);
  }

  /** Those of {@code all} that match; a look at each. */
  public static SubscriptionMatch of(String topic, Collection<SessionView.SubscriptionInfo> all) {
    List<SessionView.SubscriptionInfo> matching = new ArrayList<>();
    for (SessionView.SubscriptionInfo one : all) {
      if (TopicFilter.parse(one.filter()).matches(topic) && matching.size() < MOST_MATCHING) {
        matching.add(one);
      }
    }
    return new SubscriptionMatch(
        all.size(), matching, matching.isEmpty() ? nearest(topic, all) : List.of());
  }

  private static List<String> nearest(String topic, Collection<SessionView.SubscriptionInfo> all) {
    record Near(String filter, int levels) {}
    String[] levels = topic.split("/", -1);
    return all.stream()
        .map(
            one -> new Near(one.filter(), common(levels, TopicFilter.parse(one.filter()).filter())))
        .sorted(Comparator.comparingInt(Near::levels).reversed().thenComparing(Near::filter))
        .limit(MOST_NEAREST)
        .map(Near::filter)
        .toList();
  }

  /** For how many levels a filter goes along with a topic. */
  private static int common(String[] levels, String filter) {
    String[] wanted = filter.split("/", -1);
    int count = 0;
    while (count < Math.min(levels.length, wanted.length)
        && (wanted[count].equals("+") || wanted[count].equals(levels[count]))) {
      count++;
    }
    return count;
  }
}
