package io.vmqtt.registry.access;

import io.vmqtt.cluster.access.Effect;
import io.vmqtt.cluster.access.NamePattern;
import io.vmqtt.cluster.access.TopicAction;
import io.vmqtt.cluster.access.TopicRule;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.access.TopicTemplate;
import io.vmqtt.cluster.access.Who;
import io.vmqtt.cluster.option.YamlFile;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;

/**
 * Rules as an operator writes them: a list, whose first entry that is about something decides it.
 *
 * <pre>
 * rules:
 *   - allow: [publish, subscribe]
 *     topics: devices/${clientid}/#
 *     users: [alice, bob]
 *   - default: deny
 * </pre>
 */
final class RulesSection {
  private static final String EXAMPLE = "allow: publish";
  private static final String DEFAULT = "default";
  private static final String TOPICS = "topics";
  private static final String USERS = "users";
  private static final String CLIENT_IDS = "client-ids";
  private static final String NAMESPACES = "namespaces";
  private static final String QOS = "qos";
  private static final String RETAIN = "retain";
  private static final String SHARE_GROUPS = "share-groups";
  private static final Set<String> KEYS =
      Set.of(
          Effect.ALLOW.label(),
          Effect.DENY.label(),
          TOPICS,
          USERS,
          CLIENT_IDS,
          NAMESPACES,
          QOS,
          RETAIN,
          SHARE_GROUPS);

  private final YamlFile file;

  RulesSection(YamlFile file) {
    this.file = file;
  }

  /** Where the section is there, and empty, nothing is allowed. */
  TopicRules read(Node section) {
    List<TopicRule> rules = new ArrayList<>();
    Effect otherwise = null;
    for (Node entry : file.list(section, "rules")) {
      Map<String, NodeTuple> lines = lines(entry);
      if (otherwise != null) {
        throw file.complaint(entry, "a rule behind the default, which nothing would reach");
      }
      NodeTuple last = lines.get(DEFAULT);
      if (last == null) {
        rules.add(rule(entry, lines));
      } else if (lines.size() > 1) {
        throw file.complaint(entry, "the default stands alone, as the last entry");
      } else {
        otherwise = value(last, DEFAULT, Effect::of);
      }
    }
    return new TopicRules(rules, otherwise == null ? Effect.DENY : otherwise);
  }

  private Map<String, NodeTuple> lines(Node entry) {
    Map<String, NodeTuple> lines = new LinkedHashMap<>();
    for (NodeTuple line : file.mapping(entry, "a rule", EXAMPLE)) {
      String key = file.text(line.getKeyNode(), "a key");
      if (!KEYS.contains(key) && !key.equals(DEFAULT)) {
        throw file.complaint(line.getKeyNode(), key + ": a rule has no such line");
      }
      if (lines.put(key, line) != null) {
        throw file.complaint(line.getKeyNode(), key + " is there twice");
      }
    }
    return lines;
  }

  private TopicRule rule(Node entry, Map<String, NodeTuple> lines) {
    boolean allows = lines.containsKey(Effect.ALLOW.label());
    if (allows == lines.containsKey(Effect.DENY.label())) {
      throw file.complaint(entry, "a rule has either allow or deny");
    }
    Effect effect = allows ? Effect.ALLOW : Effect.DENY;
    Set<TopicAction> actions = Set.copyOf(all(lines, effect.label(), TopicAction::of));
    List<TopicTemplate> topics = all(lines, TOPICS, TopicTemplate::of);
    Who who =
        new Who(
            Set.copyOf(all(lines, USERS, name -> name)),
            all(lines, CLIENT_IDS, NamePattern::new),
            Set.copyOf(all(lines, NAMESPACES, Namespace::of)));
    List<Qos> qos = all(lines, QOS, RulesSection::qos);
    NodeTuple retain = lines.get(RETAIN);
    Boolean flag = retain == null ? null : value(retain, RETAIN, RulesSection::flag);
    List<NamePattern> groups = all(lines, SHARE_GROUPS, NamePattern::new);
    try {
      return new TopicRule(
          YamlFile.line(entry),
          effect,
          actions,
          topics,
          who,
          qos.isEmpty() ? TopicRule.EVERY_QOS : Set.copyOf(qos),
          flag,
          groups.isEmpty() ? null : groups);
    } catch (IllegalArgumentException e) {
      throw file.complaint(entry, String.valueOf(e.getMessage()));
    }
  }

  /** The values of a line; none where it is absent. One that is there has some. */
  private <T> List<T> all(Map<String, NodeTuple> lines, String key, Function<String, T> reader) {
    NodeTuple line = lines.get(key);
    if (line == null) {
      return List.of();
    }
    List<T> values = new ArrayList<>();
    for (String text : file.texts(line.getValueNode(), key)) {
      values.add(read(line.getValueNode(), key, text, reader));
    }
    if (values.isEmpty()) {
      throw file.complaint(line.getKeyNode(), key + ": at least one is needed");
    }
    return values;
  }

  private <T> T value(NodeTuple line, String key, Function<String, T> reader) {
    Node node = line.getValueNode();
    return read(node, key, file.text(node, key), reader);
  }

  private <T> T read(Node at, String key, String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw file.complaint(at, key + ": " + e.getMessage());
    }
  }

  private static Qos qos(String text) {
    return switch (text) {
      case "0" -> Qos.AT_MOST_ONCE;
      case "1" -> Qos.AT_LEAST_ONCE;
      case "2" -> Qos.EXACTLY_ONCE;
      default -> throw new IllegalArgumentException("neither 0 nor 1 nor 2, but '" + text + "'");
    };
  }

  private static Boolean flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither true nor false, but '" + text + "'");
    };
  }
}
