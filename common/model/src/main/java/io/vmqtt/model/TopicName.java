package io.vmqtt.model;

/** The rules of a topic name, the text that a message is published to. MQTT 5.0, section 4.7. */
public final class TopicName {

  private static final String OF_SERVER = "$SYS/";

  private TopicName() {}

  /**
   * Whether a message may carry this topic name: at least one character [MQTT-4.7.3-1], no U+0000
   * [MQTT-4.7.3-2], at most 65,535 bytes of UTF-8 [MQTT-4.7.3-3], no wildcard [MQTT-4.7.0-1] and no
   * lone surrogate [MQTT-1.5.4-1]. Allocates nothing.
   */
  public static boolean isValid(String topic) {
    return !topic.isEmpty()
        && topic.indexOf('+') < 0
        && topic.indexOf('#') < 0
        && Utf8String.isValid(topic);
  }

  /**
   * Whether the topic is the server's own: clients do not publish to it [MQTT-4.7.2-1].
   *
   * @param topic as its clients know it
   */
  public static boolean isOfServer(String topic) {
    return topic.startsWith(OF_SERVER);
  }

  /**
   * The number of levels of a topic name or filter: one more than its separators. A text of 65,535
   * bytes can have 65,536 levels, and each costs a {@link TopicTree} a node: bound it before
   * adding.
   */
  public static int levelCount(String text) {
    int levels = 1;
    for (int i = text.indexOf('/'); i >= 0; i = text.indexOf('/', i + 1)) {
      levels++;
    }
    return levels;
  }

  /** The end of the level that starts at {@code start}: its separator, or the end of the text. */
  static int levelEnd(String text, int start) {
    int separator = text.indexOf('/', start);
    return separator < 0 ? text.length() : separator;
  }
}
