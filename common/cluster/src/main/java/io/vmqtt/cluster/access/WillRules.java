package io.vmqtt.cluster.access;

import io.vmqtt.cluster.access.TopicTemplate.Level;
import io.vmqtt.model.Qos;
import io.vmqtt.model.TopicFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What rules say of wills, where their clients are gone: the same as of publishes where clients
 * are. Each is asked about once, so rules are tried one by one; but neither those of other users,
 * nor those whose topics begin with another level. Never changed.
 */
public final class WillRules {
  /** A rule for more users is tried for all. */
  private static final int FEW = 8;

  private final Effect otherwise;
  private final Map<String, List<Entry>> byUser = new HashMap<>();
  private final Map<String, List<Entry>> byFirstLevel = new HashMap<>();
  private final List<Entry> rest = new ArrayList<>();

  /**
   * One topic of a rule.
   *
   * @param index of the rule: of two that apply, the lower one decides
   * @param filter the topic where it is the same for everybody; null: it is not
   */
  private record Entry(int index, TopicRule rule, TopicTemplate topic, @Nullable String filter) {

    boolean isAbout(NamedClient who, String topicName, Qos qos, boolean retain) {
      if (!rule.qos().contains(qos)
          || (rule.retain() != null && rule.retain() != retain)
          || !who.isAmong(rule.who())) {
        return false;
      }
      String own = filter == null ? topic.fill(who::value) : filter;
      return own != null && TopicFilter.matches(own, topicName);
    }
  }

  public WillRules(TopicRules rules) {
    otherwise = rules.otherwise();
    int index = 0;
    for (TopicRule rule : rules.rules()) {
      if (rule.actions().contains(TopicAction.PUBLISH)) {
        for (TopicTemplate topic : rule.topics()) {
          add(new Entry(index, rule, topic, topic.isFixed() ? topic.fill(_ -> null) : null));
        }
      }
      index++;
    }
  }

  private void add(Entry entry) {
    int users = entry.rule.who().users().size();
    if (users > 0 && users <= FEW) {
      entry.rule.who().users().forEach(user -> add(byUser, user, entry));
    } else if (entry.topic.levels().getFirst() instanceof Level.Fixed(String first)) {
      add(byFirstLevel, first, entry);
    } else {
      rest.add(entry);
    }
  }

  private static void add(Map<String, List<Entry>> entries, String key, Entry entry) {
    entries.computeIfAbsent(key, _ -> new ArrayList<>(1)).add(entry);
  }

  /** What it costs at most to say so: how many topics of rules are tried. */
  public int tries(NamedClient who, String topic) {
    return candidates(who, topic).stream().mapToInt(List::size).sum();
  }

  private List<List<Entry>> candidates(NamedClient who, String topic) {
    int end = topic.indexOf('/');
    String first = end < 0 ? topic : topic.substring(0, end);
    return List.of(
        rest,
        byFirstLevel.getOrDefault(first, List.of()),
        who.userName() == null ? List.of() : byUser.getOrDefault(who.userName(), List.of()));
  }

  /** Whether a will may be published. */
  public boolean allow(NamedClient who, String topic, Qos qos, boolean retain) {
    Entry found = null;
    for (List<Entry> some : candidates(who, topic)) {
      for (Entry one : some) {
        if (found != null && one.index >= found.index) {
          break;
        }
        if (one.isAbout(who, topic, qos, retain)) {
          found = one;
          break;
        }
      }
    }
    return (found == null ? otherwise : found.rule.effect()) == Effect.ALLOW;
  }
}
