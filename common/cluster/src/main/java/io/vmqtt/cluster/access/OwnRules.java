package io.vmqtt.cluster.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one client may publish and subscribe, as whoever knows it says: these rules go before those
 * of all. As JSON they are a list of the same objects as in a file of rules, in which one value may
 * stand for a list of it: {@code [{"allow":"publish","topics":"a/#"},{"default":"deny"}]}.
 *
 * @param rules in their order; their lines are their numbers, from 1 on
 * @param otherwise decides where none of these does; null: the rules of all do
 */
public record OwnRules(List<TopicRule> rules, @Nullable Effect otherwise) {
  /** Of whoever could have rules, and has none: nothing is allowed that those of all do not. */
  public static final OwnRules NONE = new OwnRules(List.of(), null);

  public static final int MOST = 100;
  public static final int MOST_CHARACTERS = 16 << 10;

  /** Of all their topics together, once for each action: what trees of them are made of. */
  public static final int MOST_LEVELS = 4_000;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DEFAULT = "default";

  public OwnRules {
    rules = List.copyOf(rules);
    require(rules.size() <= MOST, "more than " + MOST + " rules");
    require(
        rules.stream()
                .flatMap(rule -> rule.topics().stream())
                .mapToInt(topic -> topic.text().length())
                .sum()
            <= MOST_CHARACTERS,
        "more than " + MOST_CHARACTERS + " characters of topics");
    require(levels(rules) <= MOST_LEVELS, "more than " + MOST_LEVELS + " levels of topics");
  }

  /** How many levels their topics have together, once for each action. */
  public int levels() {
    return levels(rules);
  }

  private static int levels(List<TopicRule> rules) {
    return rules.stream()
        .mapToInt(
            rule ->
                rule.actions().size()
                    * rule.topics().stream().mapToInt(topic -> topic.levels().size()).sum())
        .sum();
  }

  /**
   * Reads JSON.
   *
   * @throws IllegalArgumentException if it is no such list, or longer than one may be; the message
   *     says which rule is wrong
   */
  public static OwnRules read(String json) {
    try {
      return read(JSON.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** The same of what a library has made of JSON: lists, maps, texts, numbers and truths. */
  public static OwnRules of(Object said) {
    return read(JSON.<JsonNode>valueToTree(said));
  }

  /** The same. */
  public static OwnRules read(JsonNode said) {
    require(said.isArray(), "no list of rules");
    require(said.size() <= MOST, "more than " + MOST + " rules");
    require(
        said.toString().length() <= MOST_CHARACTERS,
        "more than " + MOST_CHARACTERS + " characters");
    List<TopicRule> rules = new ArrayList<>();
    Effect otherwise = null;
    int number = 0;
    for (JsonNode entry : said) {
      number++;
      try {
        require(otherwise == null, "it is behind the default, where nothing would reach it");
        if (entry.has(DEFAULT)) {
          require(entry.size() == 1, "the default stands alone");
          otherwise = Effect.of(entry.path(DEFAULT).asText());
        } else {
          rules.add(AccessJson.rule(spelledOut(entry, number)));
        }
      } catch (IllegalArgumentException | IOException e) {
        throw new IllegalArgumentException("rule " + number + ": " + e.getMessage(), e);
      }
    }
    return new OwnRules(rules, otherwise);
  }

  /** As {@link AccessJson} has it: with its line, and with lists of one value. */
  private static ObjectNode spelledOut(JsonNode entry, int number) {
    require(entry.isObject(), "no object");
    require(
        entry.has(Effect.ALLOW.label()) != entry.has(Effect.DENY.label()),
        "it has either allow or deny");
    require(!entry.has(AccessJson.LINE), "it has a line, which is for files");
    ObjectNode rule = JSON.createObjectNode().put(AccessJson.LINE, number);
    entry
        .properties()
        .forEach(
            field ->
                rule.set(
                    field.getKey(),
                    field.getKey().equals(AccessJson.RETAIN)
                        ? field.getValue()
                        : list(field.getKey(), field.getValue())));
    return rule;
  }

  private static ArrayNode list(String name, JsonNode value) {
    ArrayNode list = JSON.createArrayNode();
    if (value.isArray()) {
      value.forEach(list::add);
    } else {
      list.add(value);
    }
    require(!list.isEmpty(), name + ": at least one is needed");
    for (JsonNode one : list) {
      require(one.isValueNode() && !one.isNull(), name + ": neither a value nor a list of them");
    }
    return list;
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
