package io.vmqtt.cluster.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vmqtt.cluster.facts.FactJson;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is said about access as it stands in Consul, for people to read too: {@code
 * {"format":1,"version":1764150000000,"default":"deny","rules":[{"line":2,"allow":["publish"],"topics":["a/#"]}]}}.
 * Without rules there are neither they nor the default. {@link FactJson} says what else holds.
 *
 * <p>Sections that a later version adds to the same format are ignored; what it adds to a rule is
 * not: the rule would be about more than it says. Then the whole is refused.
 */
final class AccessJson {
  private static final String DEFAULT = "default";
  private static final String RULES = "rules";
  static final String LINE = "line";
  private static final String TOPICS = "topics";
  private static final String USERS = "users";
  private static final String CLIENT_IDS = "client-ids";
  private static final String NAMESPACES = "namespaces";
  private static final String QOS = "qos";
  static final String RETAIN = "retain";
  private static final String SHARE_GROUPS = "share-groups";
  private static final Set<String> OF_A_RULE =
      Set.of(
          LINE,
          Effect.ALLOW.label(),
          Effect.DENY.label(),
          TOPICS,
          USERS,
          CLIENT_IDS,
          NAMESPACES,
          QOS,
          RETAIN,
          SHARE_GROUPS);

  private AccessJson() {}

  static String write(AccessSettings settings) {
    ObjectNode said = FactJson.nothing();
    TopicRules rules = settings.rules();
    if (rules != null) {
      said.put(DEFAULT, rules.otherwise().label());
      ArrayNode all = said.putArray(RULES);
      rules.rules().forEach(rule -> write(rule, all.addObject()));
    }
    return FactJson.write(settings.version(), settings.origin(), said);
  }

  private static void write(TopicRule rule, ObjectNode to) {
    to.put(LINE, rule.line());
    array(to, rule.effect().label(), new TreeSet<>(rule.actions()), TopicAction::label);
    array(to, TOPICS, rule.topics(), TopicTemplate::text);
    Who who = rule.who();
    optional(to, USERS, new TreeSet<>(who.users()), user -> user);
    optional(to, CLIENT_IDS, who.clientIds(), NamePattern::text);
    optional(
        to,
        NAMESPACES,
        who.namespaces().stream()
            .map(Namespace::name)
            .collect(Collectors.toCollection(TreeSet::new)),
        name -> name);
    if (!rule.qos().equals(TopicRule.EVERY_QOS)) {
      ArrayNode qos = to.putArray(QOS);
      new TreeSet<>(rule.qos()).forEach(one -> qos.add(one.value()));
    }
    if (rule.retain() != null) {
      to.put(RETAIN, rule.retain());
    }
    if (rule.shareGroups() != null) {
      array(to, SHARE_GROUPS, rule.shareGroups(), NamePattern::text);
    }
  }

  private static <T> void optional(
      ObjectNode to, String field, Collection<T> values, Function<T, String> text) {
    if (!values.isEmpty()) {
      array(to, field, values, text);
    }
  }

  private static <T> void array(
      ObjectNode to, String field, Collection<T> values, Function<T, String> text) {
    ArrayNode array = to.putArray(field);
    values.forEach(value -> array.add(text.apply(value)));
  }

  /**
   * What a text says.
   *
   * @throws IOException if it says nothing about access, or is of a format that this version does
   *     not know
   */
  static AccessSettings read(String json) throws IOException {
    FactJson.Said said = FactJson.read(json, "access");
    return new AccessSettings(
        said.version(), said.fields().has(RULES) ? rules(said.fields()) : null, said.origin());
  }

  private static TopicRules rules(JsonNode said) throws IOException {
    List<TopicRule> rules = new ArrayList<>();
    try {
      for (JsonNode rule : array(said, RULES)) {
        rules.add(rule(rule));
      }
      return new TopicRules(rules, Effect.of(said.path(DEFAULT).asText()));
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  static TopicRule rule(JsonNode rule) throws IOException {
    for (String field : (Iterable<String>) rule::fieldNames) {
      if (!OF_A_RULE.contains(field)) {
        throw new IOException("a rule with '" + field + "', which this version does not know");
      }
    }
    Effect effect = rule.has(Effect.ALLOW.label()) ? Effect.ALLOW : Effect.DENY;
    Set<TopicAction> actions = EnumSet.noneOf(TopicAction.class);
    for (String action : texts(rule, effect.label())) {
      actions.add(TopicAction.of(action));
    }
    List<TopicTemplate> topics = texts(rule, TOPICS).stream().map(TopicTemplate::of).toList();
    List<NamePattern> groups = rule.has(SHARE_GROUPS) ? patterns(rule, SHARE_GROUPS) : null;
    return new TopicRule(
        rule.path(LINE).asInt(),
        effect,
        actions,
        topics,
        who(rule),
        qos(rule),
        retain(rule),
        groups);
  }

  private static Who who(JsonNode rule) throws IOException {
    Set<Namespace> namespaces = new HashSet<>();
    texts(rule, NAMESPACES).forEach(name -> namespaces.add(Namespace.of(name)));
    return new Who(Set.copyOf(texts(rule, USERS)), patterns(rule, CLIENT_IDS), namespaces);
  }

  private static Set<Qos> qos(JsonNode rule) throws IOException {
    if (!rule.has(QOS)) {
      return TopicRule.EVERY_QOS;
    }
    Set<Qos> qos = EnumSet.noneOf(Qos.class);
    for (JsonNode one : array(rule, QOS)) {
      qos.add(Qos.of(one.asInt(-1)));
    }
    return qos;
  }

  private static @Nullable Boolean retain(JsonNode rule) throws IOException {
    JsonNode retain = rule.path(RETAIN);
    if (!retain.isMissingNode() && !retain.isBoolean()) {
      throw new IOException("retain: neither true nor false, but " + retain);
    }
    return retain.isMissingNode() ? null : (Boolean) retain.booleanValue();
  }

  private static List<NamePattern> patterns(JsonNode rule, String field) throws IOException {
    return texts(rule, field).stream().map(NamePattern::new).toList();
  }

  /** The texts of a field; none where it is absent. */
  private static List<String> texts(JsonNode node, String field) throws IOException {
    List<String> texts = new ArrayList<>();
    for (JsonNode one : node.has(field) ? array(node, field) : List.<JsonNode>of()) {
      texts.add(one.asText());
    }
    return texts;
  }

  private static Iterable<JsonNode> array(JsonNode node, String field) throws IOException {
    if (node.path(field) instanceof ArrayNode array) {
      return array;
    }
    throw new IOException(field + ": no list, but " + node.path(field));
  }
}
