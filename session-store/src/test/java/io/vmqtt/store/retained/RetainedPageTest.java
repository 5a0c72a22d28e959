package io.vmqtt.store.retained;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.store.session.Content;
import io.vmqtt.store.session.Publication;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RetainedPageTest {
  private static final Content NOTHING = new Content() {};

  private final TreeMap<String, Publication> table = new TreeMap<>();

  private void retain(String topic, long expiresAtMillis) {
    table.put(topic, new Publication(topic, 1, true, false, 0, expiresAtMillis, 100, NOTHING));
  }

  private RetainedPage read(String filter, String after, int maxBytes) {
    return RetainedPage.read(
        (from, visitor) -> {
          for (Publication message : table.tailMap(from, true).values()) {
            if (!visitor.visit(message)) {
              return;
            }
          }
        },
        filter,
        after,
        maxBytes,
        1000);
  }

  private static List<String> topics(RetainedPage page) {
    return page.messages().stream().map(Publication::topic).toList();
  }

  @Test
  void read_multiLevelWildcard_parentToo() {
    retain("a", 0);
    retain("a!", 0);
    retain("a/b", 0);
    retain("ab", 0);
    assertEquals(List.of("a", "a/b"), topics(read("a/#", "", 10_000)));
  }

  @Test
  void read_expired_leftOut() {
    retain("a", 1000);
    retain("b", 1001);
    assertEquals(List.of("b"), topics(read("#", "", 10_000)));
  }

  @Test
  void read_systemTopics_notByWildcard() {
    retain("$SYS/x", 0);
    retain("a/x", 0);
    assertEquals(List.of("a/x"), topics(read("+/x", "", 10_000)));
    assertEquals(List.of("$SYS/x"), topics(read("$SYS/#", "", 10_000)));
  }

  @Test
  void read_pages_atLeastOneMessageEach() {
    retain("a", 0);
    retain("b", 0);
    RetainedPage first = read("#", "", 1);
    assertEquals(List.of("a"), topics(first));
    assertTrue(first.more());
    RetainedPage second = read("#", "a", 1);
    assertEquals(List.of("b"), topics(second));
    assertFalse(second.more());
  }

  @Test
  void literalPrefix_filters_whatEveryTopicStartsWith() {
    assertEquals("a/b", RetainedPage.literalPrefix("a/b"));
    assertEquals("a/", RetainedPage.literalPrefix("a/+/c"));
    assertEquals("a", RetainedPage.literalPrefix("a/#"));
    assertEquals("", RetainedPage.literalPrefix("#"));
    assertEquals("", RetainedPage.literalPrefix("+/x"));
    assertEquals("", RetainedPage.literalPrefix("/#"));
  }
}
