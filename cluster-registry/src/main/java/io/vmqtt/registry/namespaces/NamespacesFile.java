package io.vmqtt.registry.namespaces;

import io.vmqtt.cluster.namespaces.NamespaceTerms;
import io.vmqtt.cluster.namespaces.Namespaces;
import io.vmqtt.cluster.option.OptionType;
import io.vmqtt.cluster.option.YamlFile;
import io.vmqtt.model.Consistency;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quota;
import io.vmqtt.model.Quotas;
import io.vmqtt.registry.files.FactFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;

/**
 * Namespaces in a file, in YAML: their names, and below each its quotas. The nameless one is {@code
 * ""}.
 */
public final class NamespacesFile implements FactFile<Namespaces> {
  private static final OptionType<Integer> COUNT = OptionType.count(1);
  private static final OptionType<Long> BYTES = OptionType.bytes(1);
  private static final String CONSISTENCY = "consistency";
  private static final String EXAMPLE = "sessions: 1000";

  private final YamlFile file;

  /**
   * One that is there, or will be.
   *
   * @param as what to call it in complaints
   */
  public NamespacesFile(Path path, String as) {
    this.file = new YamlFile(path, as);
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public String text() {
    return file.text();
  }

  @Override
  public Instant writtenAt() {
    return file.writtenAt();
  }

  @Override
  public Namespaces read(String text) {
    Node root = file.root(text);
    Map<Namespace, NamespaceTerms> all = new HashMap<>();
    if (root != null) {
      for (NodeTuple one : file.mapping(root, "the file", EXAMPLE)) {
        String name = file.text(one.getKeyNode(), "a namespace's name");
        if (all.put(namespace(one.getKeyNode(), name), terms(name, one.getValueNode())) != null) {
          throw file.complaint(one.getKeyNode(), "namespace '" + name + "' is there twice");
        }
      }
    }
    return new Namespaces(0, all);
  }

  private Namespace namespace(Node at, String name) {
    try {
      return Namespace.of(name);
    } catch (IllegalArgumentException e) {
      throw file.complaint(at, String.valueOf(e.getMessage()));
    }
  }

  private NamespaceTerms terms(String name, Node node) {
    String what = "namespace '" + name + "'";
    Map<Quota, Long> limits = new EnumMap<>(Quota.class);
    Consistency consistency = NamespaceTerms.STANDARD.consistency();
    Set<String> keys = new HashSet<>();
    for (NodeTuple line : file.mapping(node, what, EXAMPLE)) {
      String key = file.text(line.getKeyNode(), what + ": a key");
      String value = file.text(line.getValueNode(), what + ", " + key);
      if (!keys.add(key)) {
        throw file.complaint(line.getKeyNode(), what + ": " + key + " is there twice");
      }
      try {
        if (key.equals(CONSISTENCY)) {
          consistency = Consistency.of(value);
        } else {
          Quota quota = quota(key);
          limits.put(quota, limit(quota, value));
        }
      } catch (IllegalArgumentException e) {
        throw file.complaint(line.getKeyNode(), what + ", " + e.getMessage());
      }
    }
    return new NamespaceTerms(new Quotas(limits), consistency);
  }

  private static Quota quota(String key) {
    for (Quota quota : Quota.values()) {
      if (quota.label().equals(key)) {
        return quota;
      }
    }
    throw new IllegalArgumentException(key + ": there is no such quota");
  }

  private static long limit(Quota quota, String value) {
    return switch (quota) {
      case CONNECTIONS, SESSIONS, MESSAGES_IN, MESSAGES_OUT -> COUNT.read(value, quota.label());
      case RETAINED_BYTES, QUEUE_BYTES -> BYTES.read(value, quota.label());
    };
  }
}
