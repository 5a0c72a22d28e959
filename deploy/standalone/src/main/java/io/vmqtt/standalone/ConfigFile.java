package io.vmqtt.standalone;

import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionOrigin;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * Options in a file, by their names, in YAML. Those at the top are for every command that has them;
 * those below the name of a command are for it alone, and beat those at the top. So one file can
 * serve all processes of a cluster.
 */
final class ConfigFile {
  static final ConfigFile NONE = new ConfigFile(Path.of(""), Map.of());

  private final Path file;
  private final Map<String, Entry> entries;

  /**
   * A value.
   *
   * @param line from 1 on
   */
  record Entry(String text, int line) {}

  private ConfigFile(Path file, Map<String, Entry> entries) {
    this.file = file;
    this.entries = entries;
  }

  /**
   * Reads a file.
   *
   * @param commands the names of the options of each command
   * @throws OptionException if it cannot be read, or holds what no command knows; the message names
   *     the file, and what it is about
   */
  static ConfigFile read(Path file, Map<String, Set<String>> commands) {
    try {
      Node root = new Yaml().compose(new StringReader(Files.readString(file)));
      return new ConfigFile(file, root == null ? Map.of() : new Reading(file, commands).of(root));
    } catch (MarkedYAMLException e) {
      throw complaint(file, e.getProblemMark().getLine() + 1, e.getProblem());
    } catch (YAMLException | IOException e) {
      throw new OptionException(file + " cannot be read: " + e);
    }
  }

  /** What it says to a command of an option. */
  Optional<Settings.Given> find(String command, String option) {
    return entry(command + '.' + option).or(() -> entry(option));
  }

  private Optional<Settings.Given> entry(String key) {
    @Nullable Entry entry = entries.get(key);
    return entry == null
        ? Optional.empty()
        : Optional.of(
            new Settings.Given(
                entry.text(), OptionOrigin.file(key + " in " + file + ", line " + entry.line())));
  }

  private static OptionException complaint(Path file, int line, String what) {
    return new OptionException(file + ", line " + line + ": " + what);
  }

  /** One pass over the nodes of a file. */
  private static final class Reading {
    private final Path file;
    private final Map<String, Set<String>> commands;
    private final Map<String, Entry> entries = new HashMap<>();

    Reading(Path file, Map<String, Set<String>> commands) {
      this.file = file;
      this.commands = commands;
    }

    Map<String, Entry> of(Node root) {
      for (NodeTuple tuple : mapping(root, "the file")) {
        String key = key(tuple);
        Set<String> ofCommand = commands.get(key);
        if (ofCommand == null) {
          boolean known = commands.values().stream().anyMatch(names -> names.contains(key));
          take(key, tuple, known, "no command has such an option");
        } else if (!isEmpty(tuple.getValueNode())) {
          for (NodeTuple inner : mapping(tuple.getValueNode(), key)) {
            String option = key(inner);
            take(
                key + '.' + option, inner, ofCommand.contains(option), key + " has no such option");
          }
        }
      }
      return entries;
    }

    private void take(String key, NodeTuple tuple, boolean known, String otherwise) {
      Node value = tuple.getValueNode();
      if (!known) {
        throw at(tuple.getKeyNode(), key + ": " + otherwise);
      }
      if (!(value instanceof ScalarNode scalar)) {
        throw at(value, key + ": a single value is needed");
      }
      if (isEmpty(value)) {
        return;
      }
      Entry entry = new Entry(scalar.getValue(), value.getStartMark().getLine() + 1);
      if (entries.putIfAbsent(key, entry) != null) {
        throw at(tuple.getKeyNode(), key + " is there twice");
      }
    }

    private Iterable<NodeTuple> mapping(Node node, String what) {
      if (node instanceof MappingNode mapping) {
        return mapping.getValue();
      }
      throw at(node, what + " must consist of lines like 'http-port: 8090'");
    }

    private String key(NodeTuple tuple) {
      if (tuple.getKeyNode() instanceof ScalarNode key) {
        return key.getValue();
      }
      throw at(tuple.getKeyNode(), "a key must be the name of an option or a command");
    }

    /** As an empty variable: absent. */
    private static boolean isEmpty(Node value) {
      return value instanceof ScalarNode scalar && scalar.getValue().isEmpty();
    }

    private OptionException at(Node node, String what) {
      return complaint(file, node.getStartMark().getLine() + 1, what);
    }
  }
}
