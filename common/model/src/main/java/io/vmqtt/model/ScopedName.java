package io.vmqtt.model;

/**
 * How names of a namespace are written inside the cluster: topics, topic filters and client ids.
 * Before the name stand U+0000, the namespace and {@code /}. No text of MQTT may contain U+0000
 * [MQTT-1.5.4-2], so no client can write a scoped name; and what is done with names, such as
 * hashing, sorting and matching, keeps namespaces apart by itself. Names of the nameless namespace
 * are written as they are, and cost nothing.
 */
public final class ScopedName {
  private static final char MARK = 0;

  private ScopedName() {}

  /** The name as the cluster knows it. */
  public static String of(Namespace namespace, String name) {
    return namespace.isNameless() ? name : MARK + namespace.name() + '/' + name;
  }

  /** The filter as the cluster knows it; a share group is known by its name and the filter. */
  public static TopicFilter of(Namespace namespace, TopicFilter filter) {
    return namespace.isNameless()
        ? filter
        : new TopicFilter(of(namespace, filter.filter()), filter.shareGroup());
  }

  /** The name as its clients know it. */
  public static String local(String scoped) {
    return scoped.substring(localStart(scoped));
  }

  /** The filter as its clients know it. */
  public static TopicFilter local(TopicFilter scoped) {
    return localStart(scoped.filter()) == 0
        ? scoped
        : new TopicFilter(local(scoped.filter()), scoped.shareGroup());
  }

  /** The namespace that the name belongs to. */
  public static Namespace namespace(String scoped) {
    int start = localStart(scoped);
    return start == 0 ? Namespace.NAMELESS : new Namespace(scoped.substring(1, start - 1));
  }

  /** The name for people: {@code namespace:name}, in one line whatever clients have chosen. */
  public static String readable(String scoped) {
    int start = localStart(scoped);
    String name = scoped.substring(start).replaceAll("\\p{Cntrl}", "?");
    return start == 0 ? name : scoped.substring(1, start - 1) + ':' + name;
  }

  /**
   * Whether a message may have this topic inside the cluster. Allocates nothing without a
   * namespace.
   */
  public static boolean isTopic(String scoped) {
    return hasValidScope(scoped) && TopicName.isValid(local(scoped));
  }

  /** Whether what stands before the name is nothing, or a namespace. */
  static boolean hasValidScope(String scoped) {
    int start = localStart(scoped);
    return start == 0 ? !isMarked(scoped) : Namespace.isName(scoped.substring(1, start - 1));
  }

  /** Where the name begins as its clients know it. */
  static int localStart(String scoped) {
    return isMarked(scoped) ? scoped.indexOf('/') + 1 : 0;
  }

  /**
   * From which place on wildcards match the levels of a topic: none does a namespace, nor the first
   * level in it if that starts with {@code $} [MQTT-4.7.2-1].
   */
  static int wildcardsFrom(String topic) {
    int start = localStart(topic);
    return topic.startsWith("$", start) ? start + 1 : start;
  }

  private static boolean isMarked(String scoped) {
    return !scoped.isEmpty() && scoped.charAt(0) == MARK;
  }
}
