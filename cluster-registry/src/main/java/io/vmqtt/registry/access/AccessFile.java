package io.vmqtt.registry.access;

import io.vmqtt.cluster.access.AccessFact;
import io.vmqtt.cluster.access.AccessSettings;
import io.vmqtt.cluster.access.TopicRules;
import io.vmqtt.cluster.option.YamlFile;
import io.vmqtt.registry.files.FactFile;
import java.nio.file.Path;
import java.time.Instant;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;

/** What is said about access in a file, in YAML: a section {@code rules} ({@link RulesSection}). */
public final class AccessFile implements FactFile<AccessSettings> {
  private static final String RULES = "rules";

  private final YamlFile file;

  /**
   * One that is there, or will be.
   *
   * @param as what to call it in complaints
   */
  public AccessFile(Path path, String as) {
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
  public AccessSettings read(String text) {
    Node root = file.root(text);
    if (root == null) { // it may be half written, and nobody means that everything is allowed
      throw file.complaint("is empty: {} says that there are no rules, and everything is allowed");
    }
    TopicRules rules = null;
    for (NodeTuple section : file.mapping(root, "the file", "rules: [...]")) {
      String name = file.text(section.getKeyNode(), "a section");
      if (!name.equals(RULES)) {
        throw file.complaint(section.getKeyNode(), name + ": there is no such section, only rules");
      }
      if (rules != null) {
        throw file.complaint(section.getKeyNode(), name + " is there twice");
      }
      rules = new RulesSection(file).read(section.getValueNode());
    }
    return checked(new AccessSettings(0, rules), root);
  }

  private AccessSettings checked(AccessSettings settings, Node root) {
    int bytes = AccessFact.ACCESS.write(settings).length();
    if (bytes > MOST_BYTES) {
      throw file.complaint(
          root, "the rules take " + bytes + " bytes, of which Consul takes " + MOST_BYTES);
    }
    return settings;
  }
}
