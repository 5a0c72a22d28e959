package io.vmqtt.registry.bans;

import io.vmqtt.cluster.bans.Ban;
import io.vmqtt.cluster.bans.Banned;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.cluster.bans.BansFact;
import io.vmqtt.cluster.option.YamlFile;
import io.vmqtt.model.Namespace;
import io.vmqtt.registry.files.FactFile;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;

/**
 * Bans in a file, in YAML.
 *
 * <pre>
 * bans:
 *   - client-id: pump-7
 *     namespace: plant
 *     reason: stolen
 *     by: anna
 *     since: 2026-11-26T15:00:00Z
 *     until: 2026-12-26T15:00:00Z
 * </pre>
 */
public final class BansFile implements FactFile<Bans> {
  private static final String BANS = "bans";
  private static final String EXAMPLE = "client-id: pump-7";
  private static final String NAMESPACE = "namespace";
  private static final String REASON = "reason";
  private static final String BY = "by";
  private static final String SINCE = "since";
  private static final String UNTIL = "until";

  private final YamlFile file;

  /**
   * One that is there, or will be.
   *
   * @param as what to call it in complaints
   */
  public BansFile(Path path, String as) {
    this.file = new YamlFile(path, as);
  }

  @Override
  public String text() {
    return file.text();
  }

  /** What {@link #read} takes. */
  public static String write(List<Ban> bans) {
    DumperOptions style = new DumperOptions();
    style.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    style.setIndicatorIndent(2);
    style.setIndent(4);
    return new Yaml(style).dump(Map.of(BANS, bans.stream().map(BansFile::lines).toList()));
  }

  private static Map<String, String> lines(Ban ban) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put(ban.who().label(), ban.who().text());
    if (ban.namespace() != null) {
      lines.put(NAMESPACE, ban.namespace().name());
    }
    if (!ban.reason().isEmpty()) {
      lines.put(REASON, ban.reason());
    }
    if (!ban.by().isEmpty()) {
      lines.put(BY, ban.by());
    }
    if (ban.since() != null) {
      lines.put(SINCE, ban.since().toString());
    }
    if (ban.until() != null) {
      lines.put(UNTIL, ban.until().toString());
    }
    return lines;
  }

  @Override
  public Bans read(String text) {
    Node root = file.root(text);
    if (root == null) { // it may be half written, and nobody means to pardon everybody
      throw file.complaint("is empty: {} says that nobody is banned");
    }
    List<Ban> all = null;
    for (NodeTuple section : file.mapping(root, "the file", "bans: [...]")) {
      String name = file.text(section.getKeyNode(), "a section");
      if (!name.equals(BANS) || all != null) {
        throw file.complaint(
            section.getKeyNode(), name + ": there is one section, and its name is bans");
      }
      all = bans(section.getValueNode());
    }
    Bans bans = new Bans(0, all == null ? List.of() : all);
    int bytes = BansFact.BANS.write(bans).length();
    if (bytes > MOST_BYTES) {
      throw file.complaint(
          root, "the bans take " + bytes + " bytes, of which Consul takes " + MOST_BYTES);
    }
    return bans;
  }

  private List<Ban> bans(Node section) {
    List<Node> entries = file.list(section, BANS);
    if (entries.size() > Bans.MOST) {
      throw file.complaint(section, "more than " + Bans.MOST + " bans: " + entries.size());
    }
    List<Ban> all = new ArrayList<>();
    Set<String> about = new HashSet<>();
    for (Node entry : entries) {
      Ban ban = ban(entry);
      if (!about.add(ban.toString())) {
        throw file.complaint(entry, ban + " is there twice");
      }
      all.add(ban);
    }
    return all;
  }

  private Ban ban(Node entry) {
    Banned who = null;
    Map<String, Node> rest = new LinkedHashMap<>();
    for (NodeTuple line : file.mapping(entry, "a ban", EXAMPLE)) {
      String key = file.text(line.getKeyNode(), "a key");
      Node value = line.getValueNode();
      if (!Banned.LABELS.contains(key)) {
        if (rest.put(key, value) != null) {
          throw file.complaint(line.getKeyNode(), key + " is there twice");
        }
      } else if (who == null) {
        who = value(value, key, text -> Banned.of(key, text));
      } else {
        throw file.complaint(
            line.getKeyNode(), key + ": a ban is about one client-id, user or address");
      }
    }
    if (who == null) {
      throw file.complaint(entry, "a ban is about a client-id, a user or an address");
    }
    Ban ban =
        new Ban(
            who,
            optional(rest, NAMESPACE, Namespace::of),
            orEmpty(optional(rest, REASON, text -> text)),
            orEmpty(optional(rest, BY, text -> text)),
            optional(rest, SINCE, BansFile::instant),
            optional(rest, UNTIL, BansFile::instant));
    if (!rest.isEmpty()) {
      throw file.complaint(entry, rest.keySet().iterator().next() + ": a ban has no such line");
    }
    return ban;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no time such as 2026-11-26T15:00:00Z", e);
    }
  }

  /** The value of a line, which is taken out; null: it is not there. */
  private <T> @Nullable T optional(
      Map<String, Node> lines, String key, Function<String, T> reader) {
    Node value = lines.remove(key);
    return value == null ? null : value(value, key, reader);
  }

  private <T> T value(Node value, String key, Function<String, T> reader) {
    try {
      return reader.apply(file.text(value, key));
    } catch (IllegalArgumentException e) {
      throw file.complaint(value, key + ": " + e.getMessage());
    }
  }
}
