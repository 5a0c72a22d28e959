package io.vmqtt.model;

import org.jspecify.annotations.Nullable;

/**
 * A valid topic filter and the share group that it is shared in, if any. Source: MQTT 5.0, sections
 * 4.7 and 4.8.2.
 *
 * <p>Invariant: {@code parseScoped(text())} equals this.
 *
 * @param filter the filter that topics are matched against, without {@code $share/{group}/}; of a
 *     client or, inside the cluster, {@linkplain ScopedName scoped}
 * @param shareGroup the ShareName, or null for a subscription that is not shared
 */
public record TopicFilter(String filter, @Nullable String shareGroup) {

  private static final String SHARE_PREFIX = "$share/";
  private static final String NO_STRING = "not a UTF-8 string of up to 65535 bytes";

  /**
   * Checks both parts.
   *
   * @throws InvalidTopicFilterException if a part is not valid, the text of both is longer than
   *     65,535 bytes, or a filter without group starts with {@code $share/} (its text would mean
   *     another one)
   */
  public TopicFilter {
    String text = text(filter, shareGroup);
    if (shareGroup != null) {
      requireValidGroup(shareGroup, text);
    } else if (filter.startsWith(SHARE_PREFIX)) {
      throw new InvalidTopicFilterException(text, "share group is missing");
    }
    requireScope(filter, text);
    if (!Utf8String.isValid(text(ScopedName.local(filter), shareGroup))) {
      throw new InvalidTopicFilterException(text, NO_STRING);
    }
    requireValidLevels(ScopedName.local(filter), text);
  }

  /**
   * Reads a filter as SUBSCRIBE and UNSUBSCRIBE carry it: {@code {filter}} or {@code
   * $share/{group}/{filter}}.
   *
   * @throws InvalidTopicFilterException if the text breaks [MQTT-4.7.1-1], [MQTT-4.7.1-2],
   *     [MQTT-4.7.3-1] to [MQTT-4.7.3-3], [MQTT-4.8.2-1], [MQTT-4.8.2-2] or [MQTT-1.5.4-1]
   */
  public static TopicFilter parse(String text) {
    TopicFilter parsed = parseScoped(text);
    if (ScopedName.localStart(parsed.filter) > 0) {
      throw new InvalidTopicFilterException(text, NO_STRING);
    }
    return parsed;
  }

  /**
   * Reads a filter as processes of the cluster tell it to one another: that of a client, but behind
   * the share group it may be {@linkplain ScopedName scoped}.
   *
   * @throws InvalidTopicFilterException as {@link #parse}
   */
  public static TopicFilter parseScoped(String text) {
    if (!text.startsWith(SHARE_PREFIX)) {
      return new TopicFilter(text, null);
    }
    int groupEnd = text.indexOf('/', SHARE_PREFIX.length());
    if (groupEnd < 0) {
      throw new InvalidTopicFilterException(text, "share group is not followed by a filter");
    }
    return new TopicFilter(
        text.substring(groupEnd + 1), text.substring(SHARE_PREFIX.length(), groupEnd));
  }

  /** Whether the subscription shares its messages with the others of its group. */
  public boolean isShared() {
    return shareGroup != null;
  }

  /** Whether the filter can match more than one topic. */
  public boolean hasWildcard() {
    return filter.indexOf('+') >= 0 || filter.indexOf('#') >= 0;
  }

  /** The filter as the client wrote it. */
  public String text() {
    return text(filter, shareGroup);
  }

  /** Whether a message published to the topic belongs to this subscription. */
  public boolean matches(String topic) {
    return matches(filter, topic);
  }

  /**
   * Whether a topic name matches a filter, one at a time; {@link TopicTree} does many at once.
   * Wildcards in the first level match no topic that starts with {@code $} [MQTT-4.7.2-1]; {@code
   * #} matches its parent level too (section 4.7.1.2).
   *
   * @param filter a valid filter, scoped or not, without {@code $share/{group}/}
   * @param topic a valid topic name, scoped or not
   */
  public static boolean matches(String filter, String topic) {
    int wildcardsFrom = ScopedName.wildcardsFrom(topic);
    int filterStart = 0;
    int topicStart = 0;
    while (true) {
      int filterEnd = TopicName.levelEnd(filter, filterStart);
      boolean wildcards = topicStart >= wildcardsFrom;
      if (filter.startsWith("#", filterStart)) {
        return wildcards;
      }
      int topicEnd = TopicName.levelEnd(topic, topicStart);
      int length = filterEnd - filterStart;
      boolean same =
          length == topicEnd - topicStart
              && filter.regionMatches(filterStart, topic, topicStart, length);
      if (!same && !(wildcards && filter.startsWith("+", filterStart))) {
        return false;
      }
      if (topicEnd == topic.length()) {
        return filterEnd == filter.length() || filter.startsWith("/#", filterEnd);
      }
      if (filterEnd == filter.length()) {
        return false;
      }
      filterStart = filterEnd + 1;
      topicStart = topicEnd + 1;
    }
  }

  /**
   * Whether the text is a topic filter to a client of MQTT 3.1.1, which knows no share groups: one
   * that {@link #parse} refuses although this holds asks for a group that cannot be.
   */
  public static boolean isWellFormed(String text) {
    try {
      requireValidLevels(text, text);
      return Utf8String.isValid(text);
    } catch (InvalidTopicFilterException e) {
      return false;
    }
  }

  /** Checks a filter without share group, as the topic tree holds it. */
  static void requireValid(String filter) {
    requireScope(filter, filter);
    String local = ScopedName.local(filter);
    if (!Utf8String.isValid(local)) {
      throw new InvalidTopicFilterException(filter, NO_STRING);
    }
    requireValidLevels(local, filter);
  }

  private static void requireScope(String filter, String text) {
    if (!ScopedName.hasValidScope(filter)) {
      throw new InvalidTopicFilterException(text, NO_STRING);
    }
  }

  private static String text(String filter, @Nullable String shareGroup) {
    return shareGroup == null ? filter : SHARE_PREFIX + shareGroup + '/' + filter;
  }

  private static void requireValidGroup(String group, String text) {
    if (group.isEmpty()) {
      throw new InvalidTopicFilterException(text, "share group is empty");
    }
    if (group.indexOf('/') >= 0 || group.indexOf('+') >= 0 || group.indexOf('#') >= 0) {
      throw new InvalidTopicFilterException(text, "share group contains '/', '+' or '#'");
    }
  }

  private static void requireValidLevels(String filter, String text) {
    if (filter.isEmpty()) {
      throw new InvalidTopicFilterException(text, "filter is empty");
    }
    int multiLevel = filter.indexOf('#');
    if (multiLevel >= 0 && (multiLevel < filter.length() - 1 || !startsLevel(filter, multiLevel))) {
      throw new InvalidTopicFilterException(text, "'#' is not the whole last level");
    }
    for (int i = filter.indexOf('+'); i >= 0; i = filter.indexOf('+', i + 1)) {
      if (!startsLevel(filter, i) || !endsLevel(filter, i)) {
        throw new InvalidTopicFilterException(text, "'+' is not a whole level");
      }
    }
  }

  private static boolean startsLevel(String filter, int i) {
    return i == 0 || filter.charAt(i - 1) == '/';
  }

  private static boolean endsLevel(String filter, int i) {
    return i == filter.length() - 1 || filter.charAt(i + 1) == '/';
  }
}
