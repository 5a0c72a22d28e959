package io.vmqtt.gateway.access.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.TopicRule;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.access.TopicTemplate;
import io.vmqtt.cluster.access.Who;
import io.vmqtt.gateway.access.Identity;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.testkit.fuzz.Fuzz;
import io.vmqtt.testkit.fuzz.HeapUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Topics of rules as anybody may write them, with every variable in any place, against one who puts
 * in the values as text and compares level by level. {@link RuleModelTest} has the rest of a rule.
 */
class RuleTextFuzzTest {
  private static final int INPUTS = 8_000;
  private static final int HEAP_FOR_EACH_BYTE = 600;
  private static final Identity CLIENT =
      new Identity(
          Namespace.of("plant"), "pump", "anna", null, null, Map.of("x", "1", "bad", "a/+"), 0);
  private static final List<String> TOPICS =
      List.of("dev/pump/1", "dev/anna", "plant", "${", "dev/pump-1/x", "$SYS/a", "/", "a/b/c", "1");

  @Test
  void publish_byAnyTopicsOfRules_asTheirTextSays() {
    fuzz().run(INPUTS, input -> check(input, RuleTextFuzzTest::compiled));
  }

  @Test
  void publish_byWhomWildcardsOpenTopicsOfTheBroker_isFound() {
    assertTrue(
        fuzz()
            .finds(
                INPUTS,
                input ->
                    check(
                        input,
                        (rules, topic) ->
                            compiled(
                                rules, topic.startsWith("$") ? "_" + topic.substring(1) : topic))));
  }

  private static Fuzz fuzz() {
    return Fuzz.ofTexts(
            "rule-topics",
            "dev/${clientid}/#\ndev/+",
            "dev/${clientid}-${claims.x}/x\n${namespace}",
            "$${\n${username}/${cert.cn}\n#",
            "dev/${username}\n${claims.bad}/#\n+/+/+")
        .words(
            "${clientid}",
            "${username}",
            "${namespace}",
            "${claims.x}",
            "${claims.bad}",
            "${claims.none}",
            "${cert.cn}",
            "$${",
            "${",
            "}",
            "/",
            "+",
            "#",
            "\n",
            "$share/g/",
            "\0",
            "pump");
  }

  private static @Nullable TopicRule compiled(List<TopicRule> rules, String topic) {
    return new CompiledRules(new TopicRules(rules, Effect.DENY))
        .of(CLIENT)
        .publish(topic, Qos.AT_MOST_ONCE, false)
        .rule();
  }

  private static void check(
      byte[] input, BiFunction<List<TopicRule>, String, @Nullable TopicRule> search) {
    List<TopicRule> rules = new ArrayList<>();
    for (String text : new String(input, UTF_8).split("\n", -1)) {
      template(input, text)
          .ifPresent(
              topic ->
                  rules.add(
                      new TopicRule(
                          rules.size(),
                          rules.size() % 2 == 0 ? Effect.ALLOW : Effect.DENY,
                          RuleCases.BOTH,
                          List.of(topic),
                          Who.EVERYBODY,
                          TopicRule.EVERY_QOS,
                          null,
                          null)));
    }
    for (String topic : TOPICS) {
      TopicRule expected =
          rules.stream()
              .filter(rule -> matches(rule.topics().getFirst().text(), topic))
              .findFirst()
              .orElse(null);
      assertEquals(expected, search.apply(rules, topic), () -> topic + " by " + rules);
    }
  }

  private static Optional<TopicTemplate> template(byte[] input, String text) {
    try {
      return Optional.of(HeapUse.bounded(input, HEAP_FOR_EACH_BYTE, () -> TopicTemplate.of(text)));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // what it is documented to throw
    }
  }

  // --- for one who takes his time ---

  private static boolean matches(String template, String topic) {
    String[] levels = template.split("/", -1);
    String[] said = topic.split("/", -1);
    boolean isSpecial = topic.startsWith("$");
    for (int i = 0; i < levels.length; i++) {
      if (levels[i].equals("#")) {
        return i > 0 || !isSpecial;
      }
      if (i == said.length
          || (levels[i].equals("+") ? i == 0 && isSpecial : !said[i].equals(filled(levels[i])))) {
        return false;
      }
    }
    return levels.length == said.length;
  }

  private static final Map<String, String> VALUES = values();

  private static Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("clientid", "pump");
    values.put("username", "anna");
    values.put("namespace", "plant");
    values.put("claims.x", "1");
    return values;
  }

  /** Null: with a value that is not there, or that cannot be a part of a level. */
  private static @Nullable String filled(String level) {
    StringBuilder filled = new StringBuilder();
    for (int at = 0; at < level.length(); at++) {
      if (level.startsWith("$${", at)) {
        filled.append("${");
        at += 2;
      } else if (level.startsWith("${", at)) {
        int end = level.indexOf('}', at);
        String value = VALUES.get(level.substring(at + 2, end));
        if (value == null) {
          return null;
        }
        filled.append(value);
        at = end;
      } else {
        filled.append(level.charAt(at));
      }
    }
    return filled.toString();
  }
}
