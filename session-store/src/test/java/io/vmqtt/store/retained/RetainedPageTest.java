package io.vmqtt.store.retained;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ScopedName;
import io.vmqtt.store.session.Content;
import io.vmqtt.store.session.Publication;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RetainedPageTest {
  private static final long NOW_MILLIS = 1000;
  private static final Content NOTHING = new Content() {};

  private final TreeMap<String, Publication> table = new TreeMap<>();

  private void retain(String topic, long expiresAtMillis) {
    table.put(
        topic,
        new Publication(topic, Qos.AT_LEAST_ONCE, true, false, 0, expiresAtMillis, 100, NOTHING));
  }

  private RetainedPage read(String filter, String after, int maxBytes) {
    return RetainedPage.read(
        this::scan, filter, after, new RetainedPage.Room(0, maxBytes), NOW_MILLIS);
  }

  private void scan(String from, RetainedMessages.Visitor visitor) {
    for (Publication message : table.tailMap(from, true).values()) {
      if (!visitor.visit(message)) {
        return;
      }
    }
  }

  private RetainedPage read(List<String> wanted, int maxMessages) {
    return RetainedPage.read(
        this::scan, wanted, new RetainedPage.Room(maxMessages, 10_000), NOW_MILLIS);
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

  /** Topics of namespaces sort first; who has none does not even look at them. */
  @Test
  void read_namespaces_onlyTheOneAskedFor() {
    String of = ScopedName.of(Namespace.of("a"), "a");
    for (int i = 0; i <= RetainedPage.MAX_LOOKS; i++) {
      retain(of + i, 0);
    }
    retain("a", 0);
    retain(ScopedName.of(Namespace.of("b"), "$SYS/x"), 0);
    retain(ScopedName.of(Namespace.of("b"), "x"), 0);
    assertEquals(new RetainedPage(List.of(table.get("a")), ""), read("#", "", 10_000));
    assertEquals(
        List.of("x"),
        topics(read(ScopedName.of(Namespace.of("b"), "#"), "", 10_000)).stream()
            .map(ScopedName::local)
            .toList());
  }

  /** Others have names that begin alike, before it and behind it. */
  @Test
  void read_namespaceAmongOthersThatBeginAlike_looksAtNoneOfThem() {
    for (int i = 0; i <= RetainedPage.MAX_LOOKS; i++) {
      retain(ScopedName.of(Namespace.of("plant-b"), "a" + i), 0);
      retain(ScopedName.of(Namespace.of("plant2"), "a" + i), 0);
    }
    String own = ScopedName.of(Namespace.of("plant"), "x");
    retain(own, 0);
    RetainedPage page = read(ScopedName.of(Namespace.of("plant"), "#"), "", 10_000);
    assertEquals(List.of(own), topics(page));
    assertEquals("", page.through());
  }

  @Test
  void read_expired_leftOut() {
    retain("a", 1000);
    retain("b", 1001);
    assertEquals(List.of("b"), topics(read("#", "", 10_000)));
  }

  @Test
  @Conforms(v311 = "MQTT-4.7.2-1", v5 = "MQTT-4.7.2-1")
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
    assertEquals("a", first.through());
    RetainedPage second = read("#", "a", 1);
    assertEquals(List.of("b"), topics(second));
    assertEquals("", second.through());
  }

  @Test
  void read_topics_thoseThatAreThereInTheirOrder() {
    retain("a", 0);
    retain("b", NOW_MILLIS);
    retain("ca", 0);
    retain("d", 0);
    RetainedPage page = read(List.of("d", "b", "c", "a"), 0);
    assertEquals(List.of("d", "a"), topics(page));
    assertEquals("", page.through());
  }

  @Test
  void read_topicsMoreThanFit_goesThroughTheLastThatDoes() {
    retain("a", 0);
    retain("c", 0);
    RetainedPage page = read(List.of("a", "b", "c"), 1);
    assertEquals(List.of("a"), topics(page));
    assertEquals("b", page.through());
  }

  /** A filter that matches little of much must not hold a reader of others up. */
  @Test
  void read_tooManyToLookAt_pageEndsWithoutThem() {
    for (int i = 0; i < RetainedPage.MAX_LOOKS; i++) {
      retain("a/" + i, 0);
    }
    retain("b/x", 0);
    RetainedPage first = read("+/x", "", 10_000);
    assertEquals(List.of(), topics(first));
    assertEquals(List.of("b/x"), topics(read("+/x", first.through(), 10_000)));
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
