package io.vmqtt.cluster.option;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A file in YAML, of which every complaint names file and line.
 *
 * @param path where it is
 * @param as what to call it in complaints
 */
public record YamlFile(Path path, String as) {

  /**
   * Its present text.
   *
   * @throws OptionException if it cannot be read
   */
  public String text() {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw complaint("cannot be read: " + e);
    }
  }

  /**
   * When it was written last, as its file system says.
   *
   * @throws OptionException if that cannot be known
   */
  public Instant writtenAt() {
    try {
      return Files.getLastModifiedTime(path).toInstant();
    } catch (IOException e) {
      throw complaint("cannot be read: " + e);
    }
  }

  /**
   * The root of a text of it; null: it is empty.
   *
   * @throws OptionException if it is no YAML
   */
  public @Nullable Node root(String text) {
    try {
      return new Yaml().compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      throw complaint(e.getProblemMark().getLine() + 1, e.getProblem());
    } catch (YAMLException e) {
      throw complaint("cannot be read: " + e);
    }
  }

  /**
   * The lines of a mapping.
   *
   * @param what it is, for the complaint if it is none
   * @param example of a line
   */
  public List<NodeTuple> mapping(Node node, String what, String example) {
    if (node instanceof MappingNode mapping) {
      return mapping.getValue();
    }
    throw complaint(node, what + " must consist of lines like '" + example + "'");
  }

  /** The entries of a list. */
  public List<Node> list(Node node, String what) {
    if (node instanceof SequenceNode list) {
      return list.getValue();
    }
    throw complaint(node, what + " must be a list, each entry behind a '-'");
  }

  /** Several values, or one that stands for a list of it. */
  public List<String> texts(Node node, String what) {
    return node instanceof SequenceNode list
        ? list.getValue().stream().map(one -> text(one, what)).toList()
        : List.of(text(node, what));
  }

  /** A value. */
  public String text(Node node, String what) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw complaint(node, what + ": a single value is needed");
  }

  /** The line where something begins, from 1 on. */
  public static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  /** A complaint about what stands there. */
  public OptionException complaint(Node at, String what) {
    return complaint(line(at), what);
  }

  /** A complaint about the whole. */
  public OptionException complaint(String what) {
    return new OptionException(as + ": " + path + ' ' + what);
  }

  private OptionException complaint(int line, String what) {
    return new OptionException(as + ": " + path + ", line " + line + ": " + what);
  }
}
