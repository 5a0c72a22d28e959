package io.vmqtt.gateway.config;

import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.cluster.option.YamlFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;

/**
 * Listeners beside the default one in a file, in YAML: their names, and below each its address and
 * what differs there, with the words of {@code --listeners}. Several values are a list or have
 * commas between. The file can change while the gateway runs.
 *
 * <pre>
 * plant:
 *   address: 0.0.0.0:8883
 *   transport: tls
 *   certificate: [broker.pem, other.pem]
 *   key: [broker.key, other.key]
 *   max-packet-size: 16M
 * </pre>
 */
public final class ListenersFile {
  private static final String ADDRESS = "address";
  private static final String EXAMPLE = ADDRESS + ": 0.0.0.0:8883";

  private final YamlFile file;
  private final OptionValues gateway;
  private final long clientMemoryBytes;
  private final List<ListenerConfig> beside;

  /**
   * One that is there, or will be.
   *
   * @param gateway what is set for all
   * @param beside listeners that are there, too, whatever the file says
   */
  ListenersFile(
      Path path, OptionValues gateway, long clientMemoryBytes, List<ListenerConfig> beside) {
    this.file = new YamlFile(path, GatewayOptions.LISTENERS_FILE.property());
    this.gateway = gateway;
    this.clientMemoryBytes = clientMemoryBytes;
    this.beside = List.copyOf(beside);
  }

  /** Where it is. */
  public Path path() {
    return file.path();
  }

  /**
   * The listeners beside the default one, as it has them now.
   *
   * @throws OptionException if they cannot be; the message names the file, the line, and which
   */
  List<ListenerConfig> read() {
    return read(file.text());
  }

  /** The same, as a text of it has them. */
  public List<ListenerConfig> read(String text) {
    Node root = file.root(text);
    if (root == null) { // it may be half written, and nobody means to end all of them
      throw file.complaint("is empty: {} says that there are no listeners");
    }
    List<ListenerConfig> all = new ArrayList<>(beside);
    Set<String> names = new HashSet<>();
    for (NodeTuple one : file.mapping(root, "the file", "plant: {" + EXAMPLE + "}")) {
      String name = file.text(one.getKeyNode(), "a listener's name");
      if (!names.add(name)) {
        throw file.complaint(one.getKeyNode(), name + " is there twice");
      }
      all.add(listener(name, one));
    }
    return GatewayConfig.requireDistinct(all, file.as());
  }

  private ListenerConfig listener(String name, NodeTuple lines) {
    ListenerOptions options = new ListenerOptions(gateway);
    String address = null;
    for (NodeTuple line : file.mapping(lines.getValueNode(), name, EXAMPLE)) {
      String key = file.text(line.getKeyNode(), name + ": a key");
      String value = String.join(",", file.texts(line.getValueNode(), name + ": " + key));
      try {
        if (!key.equals(ADDRESS)) {
          options.set(key, value);
        } else if (address == null) {
          address = value;
        } else {
          throw new OptionException("'" + ADDRESS + "' is there twice");
        }
      } catch (IllegalArgumentException e) {
        throw file.complaint(line.getKeyNode(), name + ": " + e.getMessage());
      }
    }
    try {
      if (address == null) {
        throw new OptionException("it has no line '" + EXAMPLE + "'");
      }
      return options.listener(name, address, clientMemoryBytes);
    } catch (IllegalArgumentException e) {
      throw file.complaint(lines.getKeyNode(), name + ": " + e.getMessage());
    }
  }
}
