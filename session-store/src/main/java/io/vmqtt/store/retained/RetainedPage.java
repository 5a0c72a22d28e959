package io.vmqtt.store.retained;

import io.vmqtt.model.TopicFilter;
import io.vmqtt.store.session.Publication;
import java.util.ArrayList;
import java.util.List;

/**
 * Retained messages that match a filter, as many as fit.
 *
 * @param messages in the order of the bytes of their topics; none of them expired
 * @param more whether there may be others behind the last one
 */
public record RetainedPage(List<Publication> messages, boolean more) {

  /**
   * Reads a page.
   *
   * @param filter without {@code $share/{group}/}
   * @param afterTopic only topics behind it; empty: from the start
   * @param maxBytes the page ends when it has so many; at least one message is in it if there is
   *     one
   */
  public static RetainedPage read(
      RetainedMessages table, String filter, String afterTopic, int maxBytes, long nowMillis) {
    String prefix = literalPrefix(filter);
    List<Publication> page = new ArrayList<>();
    boolean[] more = new boolean[1];
    table.scan(
        afterTopic.isEmpty() ? prefix : afterTopic,
        new RetainedMessages.Visitor() {
          private long bytes;

          @Override
          public boolean visit(Publication message) {
            String topic = message.topic();
            if (topic.equals(afterTopic)) {
              return true;
            }
            if (!topic.startsWith(prefix)) {
              return false;
            }
            if (message.isExpired(nowMillis) || !TopicFilter.matches(filter, topic)) {
              return true;
            }
            if (!page.isEmpty() && bytes + message.bytes() > maxBytes) {
              more[0] = true;
              return false;
            }
            page.add(message);
            bytes += message.bytes();
            return true;
          }
        });
    return new RetainedPage(List.copyOf(page), more[0]);
  }

  /** The text with which every topic of the filter starts; {@code a/#} has topic {@code a} too. */
  static String literalPrefix(String filter) {
    int wildcard = 0;
    while (wildcard < filter.length()
        && filter.charAt(wildcard) != '+'
        && filter.charAt(wildcard) != '#') {
      wildcard++;
    }
    boolean parentToo =
        wildcard < filter.length() && filter.charAt(wildcard) == '#' && wildcard > 0;
    return filter.substring(0, parentToo ? wildcard - 1 : wildcard);
  }
}
