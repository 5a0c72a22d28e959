package io.vmqtt.gateway.access.rules;

import io.vmqtt.cluster.access.NamePattern;
import io.vmqtt.cluster.access.OwnRules;
import io.vmqtt.cluster.access.TopicRule;
import io.vmqtt.cluster.access.TopicTemplate;
import io.vmqtt.cluster.access.TopicTemplate.Level;
import io.vmqtt.model.Namespace;

/**
 * How many bytes of memory rules of a client's own take, with the trees that were made of them:
 * what each object takes, rounded up, and each character as two bytes.
 */
final class OwnRulesWeight {
  /** A node with its map, its lists, and its place in the node above. */
  private static final int NODE = 320;

  /** A rule with its sets and lists, its decision, and its places in nodes. */
  private static final int RULE = 600;

  /** A topic or a name without its text. */
  private static final int TEXT = 120;

  private static final int LEVEL = 80;
  private static final int CHARACTER = 2;
  private static final int EACH = 1_000;

  private OwnRulesWeight() {}

  static int bytes(OwnRules own, CompiledRules trees) {
    long bytes = EACH + (long) NODE * trees.nodes();
    for (TopicRule rule : own.rules()) {
      bytes += bytes(rule);
    }
    return (int) Math.min(Integer.MAX_VALUE, bytes);
  }

  private static long bytes(TopicRule rule) {
    long bytes = RULE;
    for (TopicTemplate topic : rule.topics()) {
      bytes += bytes(topic.text());
      for (Level level : topic.levels()) {
        bytes += LEVEL + bytes(level);
      }
    }
    for (String user : rule.who().users()) {
      bytes += bytes(user);
    }
    for (NamePattern clientId : rule.who().clientIds()) {
      bytes += bytes(clientId.text());
    }
    for (Namespace namespace : rule.who().namespaces()) {
      bytes += bytes(namespace.name());
    }
    if (rule.shareGroups() != null) {
      for (NamePattern group : rule.shareGroups()) {
        bytes += bytes(group.text());
      }
    }
    return bytes;
  }

  private static long bytes(Level level) {
    return switch (level) {
      case Level.Any _, Level.Rest _ -> 0;
      case Level.Fixed(String text) -> (long) CHARACTER * text.length();
      case Level.Filled filled -> {
        long bytes = 0;
        for (TopicTemplate.Part part : filled.parts()) {
          bytes +=
              switch (part) {
                case TopicTemplate.Text(String text) -> bytes(text);
                case TopicTemplate.Variable(String name) -> bytes(name);
              };
        }
        yield bytes;
      }
    };
  }

  private static long bytes(String text) {
    return TEXT + (long) CHARACTER * text.length();
  }
}
