package io.vmqtt.store.retained;

import io.vmqtt.model.ScopedName;
import io.vmqtt.model.TopicFilter;
import io.vmqtt.store.session.Publication;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Retained messages for somebody who asks, as many as fit.
 *
 * @param messages none of them expired
 * @param through there may be others behind this topic; empty: there are none
 */
public record RetainedPage(List<Publication> messages, String through) {
  /** So many messages are looked at for one page: others want to read, too. */
  static final int MAX_LOOKS = 20_000;

  /** Where the topics of the nameless namespace start; those of others sort before it. */
  private static final String BEHIND_NAMESPACES = "\u0001";

  /**
   * What fits on a page.
   *
   * @param messages at most so many; 0: no matter how many
   * @param bytes it ends when it has so many; at least one message is in it if there is one
   */
  public record Room(int messages, int bytes) {}

  /**
   * Reads those that match a filter, in the order of the bytes of their topics.
   *
   * @param filter without {@code $share/{group}/}
   * @param afterTopic only topics behind it; empty: from the start
   */
  public static RetainedPage read(
      RetainedMessages table, String filter, String afterTopic, Room room, long nowMillis) {
    String prefix = literalPrefix(filter);
    Draft page = new Draft(room, nowMillis);
    table.scan(
        afterTopic.isEmpty() ? (prefix.isEmpty() ? BEHIND_NAMESPACES : prefix) : afterTopic,
        message -> {
          String topic = message.topic();
          if (topic.equals(afterTopic)) {
            return true;
          }
          return topic.startsWith(prefix)
              && (TopicFilter.matches(filter, topic) ? page.take(message) : page.passOver(topic));
        });
    return page.finish();
  }

  /** Reads those of some topics, in their order. */
  public static RetainedPage read(
      RetainedMessages table, List<String> topics, Room room, long nowMillis) {
    Draft page = new Draft(room, nowMillis);
    for (String topic : topics) {
      Publication message = find(table, topic);
      if (!(message == null ? page.passOver(topic) : page.take(message))) {
        break;
      }
    }
    return page.finish();
  }

  private static @Nullable Publication find(RetainedMessages table, String topic) {
    @Nullable Publication[] first = new Publication[1];
    table.scan(
        topic,
        message -> {
          first[0] = message;
          return false;
        });
    Publication found = first[0];
    return found != null && found.topic().equals(topic) ? found : null;
  }

  /** A page that is being filled. */
  private static final class Draft {
    private final List<Publication> messages = new ArrayList<>();
    private final Room room;
    private final long nowMillis;
    private String last = "";
    private String through = "";
    private long bytes;
    private int looks;

    private Draft(Room room, long nowMillis) {
      this.room = room;
      this.nowMillis = nowMillis;
    }

    /** Takes a message, unless nobody wants it any more; false: the page is full without it. */
    private boolean take(Publication message) {
      boolean full =
          !messages.isEmpty()
              && (messages.size() == room.messages || bytes + message.bytes() > room.bytes);
      if (full) {
        through = last;
        return false;
      }
      if (!message.isExpired(nowMillis)) {
        messages.add(message);
        bytes += message.bytes();
      }
      return passOver(message.topic());
    }

    /** Takes note of a topic; false: that was enough of them for one page. */
    private boolean passOver(String topic) {
      last = topic;
      if (++looks >= MAX_LOOKS) {
        through = last;
        return false;
      }
      return true;
    }

    private RetainedPage finish() {
      return new RetainedPage(List.copyOf(messages), through);
    }
  }

  /**
   * The text with which every topic of the filter starts; {@code a/#} has topic {@code a} too. The
   * whole of its namespace is in it: others may begin alike.
   */
  static String literalPrefix(String filter) {
    int wildcard = 0;
    while (wildcard < filter.length()
        && filter.charAt(wildcard) != '+'
        && filter.charAt(wildcard) != '#') {
      wildcard++;
    }
    int scope = filter.length() - ScopedName.local(filter).length();
    boolean parentToo =
        wildcard < filter.length() && filter.charAt(wildcard) == '#' && wildcard > scope;
    return filter.substring(0, parentToo ? wildcard - 1 : wildcard);
  }
}
