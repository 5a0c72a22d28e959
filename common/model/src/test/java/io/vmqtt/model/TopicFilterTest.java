package io.vmqtt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.conformance.Conforms;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicFilterTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "#",
        "+",
        "/",
        "//",
        "/#",
        "/+",
        "+/",
        "+/+",
        "+/#",
        "a/#",
        "a/+",
        "a/+/b",
        "+/a/#",
        "a//b",
        "/a/",
        " ",
        "$SYS/#",
        "$share",
        "$shared/x",
        "$SHARE/g/a",
        "温/+"
      })
  void parse_plainFilter_keepsItsText(String text) {
    TopicFilter filter = TopicFilter.parse(text);
    assertEquals(text, filter.filter());
    assertEquals(text, filter.text());
    assertNull(filter.shareGroup());
    assertFalse(filter.isShared());
  }

  @ParameterizedTest
  @CsvSource({
    "$share/g/a,g,a",
    "$share/g/#,g,#",
    "$share/g//,g,/",
    "$share/g//a,g,/a",
    "$share/g/+/b,g,+/b",
    "$share/$g/$SYS/x,$g,$SYS/x",
    "$share/g/$share/h/a,g,$share/h/a"
  })
  @Conforms(v5 = {"MQTT-4.8.2-1", "MQTT-4.8.2-2"})
  void parse_sharedFilter_splitsItsText(String text, String group, String filter) {
    TopicFilter parsed = TopicFilter.parse(text);
    assertEquals(new TopicFilter(filter, group), parsed);
    assertTrue(parsed.isShared());
    assertEquals(text, parsed.text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a#",
        "#a",
        "a/#/b",
        "#/",
        "##",
        "/##",
        "a/b#",
        "+a",
        "a+",
        "a/+b",
        "a/b+/c",
        "++",
        "+#",
        "#+",
        "a\u0000",
        "\ud83d",
        "$share/",
        "$share/g",
        "$share//a",
        "$share/g/",
        "$share/+/a",
        "$share/g+/a",
        "$share/#/a",
        "$share/g#/a",
        "$share/g/a#",
        "$share/g\u0000/a",
        "$share/\ude00/a"
      })
  @Conforms(
      v311 = {"MQTT-4.7.1-2", "MQTT-4.7.1-3", "MQTT-4.7.3-1", "MQTT-4.7.3-2"},
      v5 = {
        "MQTT-4.7.1-1",
        "MQTT-4.7.1-2",
        "MQTT-4.7.3-1",
        "MQTT-4.7.3-2",
        "MQTT-4.8.2-1",
        "MQTT-4.8.2-2"
      })
  void parse_otherText_throwsWithTheText(String text) {
    InvalidTopicFilterException e =
        assertThrows(InvalidTopicFilterException.class, () -> TopicFilter.parse(text));
    assertEquals(text, e.filter());
    assertFalse(e.reason().isEmpty());
  }

  @Test
  @Conforms(v311 = "MQTT-4.7.3-3", v5 = "MQTT-4.7.3-3")
  void parse_lengthAtTheLimit_countsBytesOfTheWholeText() {
    String prefix = "$share/g/";
    TopicFilter longest = TopicFilter.parse(prefix + "a".repeat(65_535 - prefix.length()));
    assertEquals(65_535, longest.text().length());
    assertThrows(
        InvalidTopicFilterException.class,
        () -> TopicFilter.parse(prefix + "a".repeat(65_536 - prefix.length())));
    assertThrows(
        InvalidTopicFilterException.class, () -> TopicFilter.parse("\u00e9".repeat(32_768)));
  }

  @Test
  void constructor_plainFilterThatReadsAsShared_throws() {
    assertThrows(InvalidTopicFilterException.class, () -> new TopicFilter("$share/g/a", null));
  }

  @Test
  void exceptionMessage_longTextWithControlCharacters_isShortAndPrintable() {
    String text = "\n\u001b\ud83d\ude00" + "a".repeat(100_000);
    InvalidTopicFilterException e =
        assertThrows(InvalidTopicFilterException.class, () -> TopicFilter.parse(text));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.length() < 200, message);
    assertTrue(message.chars().allMatch(c -> c >= ' ' && c < 0x7F), message);
  }

  @ParameterizedTest
  @CsvSource({"a/b,false", "$share/g/a,false", "+,true", "a/#,true", "$share/g/+/a,true"})
  void hasWildcard_anyFilter_tells(String text, boolean expected) {
    assertEquals(expected, TopicFilter.parse(text).hasWildcard());
  }

  /** Section 4.7 of the specification, by example. */
  @ParameterizedTest
  @CsvSource({
    "sport/tennis/player1/#,sport/tennis/player1,true",
    "sport/tennis/player1/#,sport/tennis/player1/ranking,true",
    "sport/tennis/player1/#,sport/tennis/player1/score/wimbledon,true",
    "sport/tennis/player1/#,sport/tennis/player12,false",
    "sport/#,sport,true",
    "#,a,true",
    "#,/,true",
    "sport/tennis/+,sport/tennis/player1,true",
    "sport/tennis/+,sport/tennis/player1/ranking,false",
    "sport/+,sport,false",
    "sport/+,sport/,true",
    "+/+,/finance,true",
    "/+,/finance,true",
    "+,/finance,false",
    "+/tennis/#,sport/tennis,true",
    "+/#,a,true",
    "#,$SYS/a,false",
    "+/monitor/Clients,$SYS/monitor/Clients,false",
    "$SYS/#,$SYS/,true",
    "$SYS/#,$SYS,true",
    "$SYS/monitor/+,$SYS/monitor/Clients,true",
    "a/#,a/$b,true",
    "a/+,a/$b,true",
    "+,$,false",
    "$,$,true",
    "a,A,false",
    "a,/a,false",
    "a/b,a/b/,false",
    "a//b,a//b,true",
    "a/+/b,a//b,true",
    "a/#,ab,false",
    "ab,a,false"
  })
  @Conforms(
      v311 = {"MQTT-4.7.2-1", "MQTT-4.7.3-4"},
      v5 = {"MQTT-4.7.2-1", "MQTT-4.7.3-4"})
  void matches_exampleOfTheSpecification_asItSays(String filter, String topic, boolean expected) {
    assertEquals(expected, TopicFilter.matches(filter, topic));
    assertEquals(expected, TopicFilter.parse("$share/g/" + filter).matches(topic));
  }

  @Test
  void matches_randomFiltersAndTopics_agreesWithTheDefinition() {
    long seed = 7;
    RandomTopics topics = new RandomTopics(new Random(seed));
    int matches = 0;
    for (int round = 0; round < 100_000; round++) {
      String filter = topics.filter();
      String topic = topics.topic();
      boolean expected = definition(filter, topic);
      assertEquals(
          expected,
          TopicFilter.matches(filter, topic),
          () -> "seed " + seed + ": " + filter + " and " + topic);
      matches += expected ? 1 : 0;
    }
    assertTrue(matches > 1_000, "only " + matches + " matches: the test proves nothing");
  }

  @Test
  void parse_randomText_agreesWithTheDefinition() {
    long seed = 11;
    Random random = new Random(seed);
    int valid = 0;
    for (int round = 0; round < 100_000; round++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "" : "$share/");
      for (int i = random.nextInt(6); i > 0; i--) {
        text.append("a/+#/$".charAt(random.nextInt(6)));
      }
      String s = text.toString();
      boolean expected = isValidByDefinition(s);
      assertEquals(expected, isParsed(s), () -> "seed " + seed + ": " + s);
      valid += expected ? 1 : 0;
    }
    assertTrue(valid > 1_000, "only " + valid + " are valid: the test proves nothing");
  }

  private static boolean isParsed(String text) {
    try {
      TopicFilter filter = TopicFilter.parse(text);
      assertEquals(filter, TopicFilter.parse(filter.text()));
      return filter.text().equals(text);
    } catch (InvalidTopicFilterException e) {
      return false;
    }
  }

  private static boolean isValidByDefinition(String text) {
    if (text.startsWith("$share/")) {
      String[] parts = text.split("/", 3);
      return parts.length == 3 && parts[1].matches("[^+#]+") && isFilterByDefinition(parts[2]);
    }
    return isFilterByDefinition(text);
  }

  private static boolean isFilterByDefinition(String filter) {
    List<String> levels = List.of(filter.split("/", -1));
    for (int i = 0; i < levels.size(); i++) {
      String level = levels.get(i);
      boolean literal = level.matches("[^+#]*");
      boolean multiLevel = level.equals("#") && i == levels.size() - 1;
      if (!literal && !multiLevel && !level.equals("+")) {
        return false;
      }
    }
    return !filter.isEmpty();
  }

  private static boolean definition(String filter, String topic) {
    if (topic.charAt(0) == '$' && (filter.charAt(0) == '+' || filter.charAt(0) == '#')) {
      return false;
    }
    return definition(List.of(filter.split("/", -1)), List.of(topic.split("/", -1)));
  }

  private static boolean definition(List<String> filter, List<String> topic) {
    if (filter.isEmpty()) {
      return topic.isEmpty();
    }
    if (filter.getFirst().equals("#")) {
      return true;
    }
    return !topic.isEmpty()
        && (filter.getFirst().equals("+") || filter.getFirst().equals(topic.getFirst()))
        && definition(filter.subList(1, filter.size()), topic.subList(1, topic.size()));
  }

  /** Before MQTT 5, {@code $share} is a level like any other. */
  @Test
  void isWellFormed_shareGroups_areOrdinaryLevels() {
    assertTrue(TopicFilter.isWellFormed("$share/g"));
    assertTrue(TopicFilter.isWellFormed("$share/+/a"));
    assertFalse(TopicFilter.isWellFormed("$share/g/a#"));
    assertFalse(TopicFilter.isWellFormed(""));
  }
}
