package io.vmqtt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.testkit.conformance.Conforms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "/",
        "//",
        " ",
        "a/b",
        "/a",
        "a/",
        "$SYS/x",
        "$",
        "温度/\ud83d\ude00",
        "\ufffd"
      })
  void isValid_topicName_isTrue(String topic) {
    assertTrue(TopicName.isValid(topic));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "#",
        "+",
        "a/+/b",
        "a#",
        "+a",
        "a/b+",
        "\u0000",
        "a\u0000",
        "\ud83d",
        "\ude00/a"
      })
  @Conforms(
      v311 = {"MQTT-4.7.1-1", "MQTT-4.7.3-1", "MQTT-4.7.3-2"},
      v5 = {"MQTT-4.7.0-1", "MQTT-4.7.3-1", "MQTT-4.7.3-2"})
  void isValid_otherText_isFalse(String topic) {
    assertFalse(TopicName.isValid(topic));
  }

  @Test
  @Conforms(v311 = "MQTT-4.7.3-3", v5 = "MQTT-4.7.3-3")
  void isValid_lengthAtTheLimit_countsBytes() {
    assertTrue(TopicName.isValid("/".repeat(65_535)));
    assertFalse(TopicName.isValid("/".repeat(65_536)));
    assertFalse(TopicName.isValid("\u00e9".repeat(32_768)));
  }

  @ParameterizedTest
  @CsvSource({"a,1", "/,2", "a/b,2", "a//b,3", "/a/,3"})
  void levelCount_anyText_isOneMoreThanSeparators(String text, int levels) {
    assertEquals(levels, TopicName.levelCount(text));
  }
}
