package io.vmqtt.registry.namespaces;

import io.vmqtt.cluster.namespaces.NamespaceTerms;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionType;
import io.vmqtt.model.Consistency;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Quota;
import io.vmqtt.model.Quotas;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * Namespaces in a file, in YAML: their names, and below each its quotas. The nameless one is {@code
 * ""}.
 *
 * @param path where it is
 * @param as what to call it in complaints
 */
public record NamespacesFile(Path path, String as) {
  private static final OptionType<Integer> COUNT = OptionType.count(1);
  private static final OptionType<Long> BYTES = OptionType.bytes(1);
  private static final String CONSISTENCY = "consistency";

  /**
   * A file that can be read now.
   *
   * @throws OptionException as {@link #read}
   */
  public static NamespacesFile checked(Path path, String as) {
    NamespacesFile file = new NamespacesFile(path, as);
    var _ = file.read();
    return file;
  }

  /**
   * What it says now.
   *
   * @throws OptionException if it cannot be read, or says what cannot be; the message names the
   *     file, the line, and what it is about
   */
  public Map<Namespace, NamespaceTerms> read() {
    try {
      Node root = new Yaml().compose(new StringReader(Files.readString(path)));
      Map<Namespace, NamespaceTerms> all = new HashMap<>();
      if (root != null) {
        for (NodeTuple one : mapping(root, "the file")) {
          String name = text(one.getKeyNode(), "a namespace's name");
          if (all.put(namespace(one.getKeyNode(), name), terms(name, one.getValueNode())) != null) {
            throw complaint(one.getKeyNode(), "namespace '" + name + "' is there twice");
          }
        }
      }
      return all;
    } catch (MarkedYAMLException e) {
      throw complaint(e.getProblemMark().getLine() + 1, e.getProblem());
    } catch (YAMLException | IOException e) {
      throw new OptionException(as + ": " + path + " cannot be read: " + e);
    }
  }

  private Namespace namespace(Node at, String name) {
    try {
      return Namespace.of(name);
    } catch (IllegalArgumentException e) {
      throw complaint(at, String.valueOf(e.getMessage()));
    }
  }

  private NamespaceTerms terms(String name, Node node) {
    String what = "namespace '" + name + "'";
    Map<Quota, Long> limits = new EnumMap<>(Quota.class);
    Consistency consistency = NamespaceTerms.STANDARD.consistency();
    Set<String> keys = new HashSet<>();
    for (NodeTuple line : mapping(node, what)) {
      String key = text(line.getKeyNode(), what + ": a key");
      String value = text(line.getValueNode(), what + ", " + key);
      if (!keys.add(key)) {
        throw complaint(line.getKeyNode(), what + ": " + key + " is there twice");
      }
      try {
        if (key.equals(CONSISTENCY)) {
          consistency = Consistency.of(value);
        } else {
          Quota quota = quota(key);
          limits.put(quota, limit(quota, value));
        }
      } catch (IllegalArgumentException e) {
        throw complaint(line.getKeyNode(), what + ", " + e.getMessage());
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

  private Iterable<NodeTuple> mapping(Node node, String what) {
    if (node instanceof MappingNode mapping) {
      return mapping.getValue();
    }
    throw complaint(node, what + " must consist of lines like 'sessions: 1000'");
  }

  private String text(Node node, String what) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw complaint(node, what + ": a single value is needed");
  }

  private OptionException complaint(Node at, String what) {
    return complaint(at.getStartMark().getLine() + 1, what);
  }

  private OptionException complaint(int line, String what) {
    return new OptionException(as + ": " + path + ", line " + line + ": " + what);
  }
}
