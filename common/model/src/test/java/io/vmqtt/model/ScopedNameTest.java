package io.vmqtt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScopedNameTest {
  private static final List<Namespace> NAMESPACES =
      List.of(Namespace.NAMELESS, Namespace.of("a"), Namespace.of("b"));

  private static final List<String> TOPICS =
      List.of("a", "a/b", "a/b/c", "b", "/", "/a", "$SYS", "$SYS/a", "a/$SYS", "b/a/b");

  private static final List<String> FILTERS =
      List.of("#", "+", "+/#", "+/+", "a/#", "a/+", "/+", "$SYS/#", "$SYS/+", "a", "a/b", "+/$SYS");

  private static String of(String namespace, String name) {
    return ScopedName.of(Namespace.of(namespace), name);
  }

  @Test
  void of_nameless_isTheNameItself() {
    String name = "sensors/1";
    assertSame(name, ScopedName.of(Namespace.NAMELESS, name));
    TopicFilter filter = TopicFilter.parse("$share/g/a/+");
    assertSame(filter, ScopedName.of(Namespace.NAMELESS, filter));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "/", "a/b", "$SYS/x", ""})
  void of_named_canBeReadAgain(String name) {
    String scoped = of("tenant-1", name);
    assertEquals(name, ScopedName.local(scoped));
    assertEquals(Namespace.of("tenant-1"), ScopedName.namespace(scoped));
    assertEquals(name, ScopedName.local(name));
    assertEquals(Namespace.NAMELESS, ScopedName.namespace(name));
  }

  @Test
  void of_named_isNothingThatAClientCanWrite() {
    String scoped = of("a", "b");
    assertFalse(Utf8String.isValid(scoped));
    assertFalse(TopicName.isValid(scoped));
    assertFalse(ClientId.isValid(scoped));
    assertFalse(TopicFilter.isWellFormed(scoped));
    assertThrows(InvalidTopicFilterException.class, () -> TopicFilter.parse(scoped));
    assertThrows(InvalidTopicFilterException.class, () -> TopicFilter.parse("$share/g/" + scoped));
  }

  @Test
  void of_filterOfAShareGroup_keepsItsGroup() {
    TopicFilter scoped = ScopedName.of(Namespace.of("a"), TopicFilter.parse("$share/g/x/+"));
    assertEquals("g", scoped.shareGroup());
    assertEquals(scoped, TopicFilter.parseScoped(scoped.text()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "\0/x", "\0A/x", "\0a", "\0a/", "\0a/x\0", "\0\0/x"})
  void isTopic_noNamespaceOrNoTopicBehindIt_no(String text) {
    assertFalse(ScopedName.isTopic(text));
  }

  @Test
  void isTopic_ofANamespaceOrOfNone_yes() {
    assertTrue(ScopedName.isTopic("x"));
    assertTrue(ScopedName.isTopic(of("a", "x/y")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0A/x", "\0a", "\0a/", "\0a/x\0", "\0a/x/#/y", "\0a/x+"})
  void filter_noNamespaceOrNoFilterBehindIt_refused(String text) {
    assertThrows(InvalidTopicFilterException.class, () -> TopicFilter.parseScoped(text));
    assertThrows(InvalidTopicFilterException.class, () -> new TopicTree<String>().add(text, "v"));
  }

  /** Within a namespace everything matches as it does without one; between two nothing does. */
  @Test
  void matches_topicsAndFiltersOfThreeNamespaces_onlyWithinEach() {
    TopicTree<String> tree = new TopicTree<>(7);
    for (Namespace namespace : NAMESPACES) {
      for (String filter : FILTERS) {
        assertTrue(tree.add(ScopedName.of(namespace, filter), namespace.name() + '|' + filter));
      }
    }
    for (Namespace namespace : NAMESPACES) {
      for (String topic : TOPICS) {
        List<String> expected = new ArrayList<>();
        for (String filter : FILTERS) {
          if (TopicFilter.matches(filter, topic)) {
            expected.add(namespace.name() + '|' + filter);
          }
        }
        String scoped = ScopedName.of(namespace, topic);
        List<String> found = new ArrayList<>();
        tree.match(scoped, found::add);
        List<String> foundOneByOne = new ArrayList<>();
        for (Namespace other : NAMESPACES) {
          for (String filter : FILTERS) {
            if (TopicFilter.matches(ScopedName.of(other, filter), scoped)) {
              foundOneByOne.add(other.name() + '|' + filter);
            }
          }
        }
        assertEquals(expected.stream().sorted().toList(), found.stream().sorted().toList(), topic);
        assertEquals(expected.stream().sorted().toList(), foundOneByOne.stream().sorted().toList());
      }
    }
  }

  @Test
  void hash_sameClientIdInTwoNamespaces_areTwoClients() {
    assertNotEquals(ClientId.hash64("c"), ClientId.hash64(of("a", "c")));
    assertNotEquals(ClientId.hash64(of("b", "c")), ClientId.hash64(of("a", "c")));
  }

  @Test
  void readable_isOneLineWithTheNamespace() {
    assertEquals("a:x?y", ScopedName.readable(of("a", "x\ny")));
    assertEquals("x", ScopedName.readable("x"));
  }
}
