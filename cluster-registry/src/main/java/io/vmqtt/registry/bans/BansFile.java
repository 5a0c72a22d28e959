package io.vmqtt.registry.bans;

import io.vmqtt.cluster.bans.Ban;
import io.vmqtt.cluster.bans.Banned;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.cluster.bans.BansFact;
import io.vmqtt.cluster.bans.Pardon;
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
 * Bans and pardons in a file, in YAML.
 *
 * <pre>
 * bans:
 *   - client-id: pump-7
 *     namespace: plant
 *     reason: stolen
 *     by: anna
 *     since: 2026-11-26T15:00:00Z
 *     until: 2026-12-26T15:00:00Z
 * pardons:
 *   - address: 203.0.113.7
 *     reason: one wrong device
 *     by: anna
 *     at: 2026-11-26T15:00:00Z
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
  private static final String PARDONS = "pardons";
  private static final String AT = "at";

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

  /** What {@link #read} takes. */
  public static String write(Bans bans) {
    DumperOptions style = new DumperOptions();
    style.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    style.setIndicatorIndent(2);
    style.setIndent(4);
    Map<String, List<Map<String, String>>> sections = new LinkedHashMap<>();
    sections.put(BANS, bans.all().stream().map(BansFile::lines).toList());
    if (!bans.pardons().isEmpty()) {
      sections.put(PARDONS, bans.pardons().stream().map(BansFile::lines).toList());
    }
    return new Yaml(style).dump(sections);
  }

  private static Map<String, String> lines(Ban ban) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put(ban.who().label(), ban.who().text());
    if (ban.namespace() != null) {
      lines.put(NAMESPACE, ban.namespace().name());
    }
    putIfSaid(lines, REASON, ban.reason());
    putIfSaid(lines, BY, ban.by());
    if (ban.since() != null) {
      lines.put(SINCE, ban.since().toString());
    }
    if (ban.until() != null) {
      lines.put(UNTIL, ban.until().toString());
    }
    return lines;
  }

  private static Map<String, String> lines(Pardon pardon) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put(pardon.who().label(), pardon.who().text());
    putIfSaid(lines, REASON, pardon.reason());
    putIfSaid(lines, BY, pardon.by());
    lines.put(AT, pardon.at().toString());
    return lines;
  }

  private static void putIfSaid(Map<String, String> lines, String key, String value) {
    if (!value.isEmpty()) {
      lines.put(key, value);
    }
  }

  @Override
  public Bans read(String text) {
    Node root = file.root(text);
    if (root == null) { // it may be half written, and nobody means to pardon everybody
      throw file.complaint("is empty: {} says that nobody is banned");
    }
    List<Ban> all = null;
    List<Pardon> pardons = null;
    for (NodeTuple section : file.mapping(root, "the file", "bans: [...]")) {
      String name = file.text(section.getKeyNode(), "a section");
      if (name.equals(BANS) && all == null) {
        all = all(section.getValueNode(), BANS, Bans.MOST, this::ban);
      } else if (name.equals(PARDONS) && pardons == null) {
        pardons = all(section.getValueNode(), PARDONS, Bans.MOST_PARDONS, this::pardon);
      } else {
        throw file.complaint(
            section.getKeyNode(), name + ": there is one section bans, and one of pardons");
      }
    }
    Bans bans = new Bans(0, all == null ? List.of() : all, pardons == null ? List.of() : pardons);
    int bytes = BansFact.BANS.write(bans).length();
    if (bytes > MOST_BYTES) {
      throw file.complaint(
          root, "the bans take " + bytes + " bytes, of which Consul takes " + MOST_BYTES);
    }
    return bans;
  }

  private <T> List<T> all(Node section, String name, int most, Function<Node, T> reader) {
    List<Node> entries = file.list(section, name);
    if (entries.size() > most) {
      throw file.complaint(section, "more than " + most + ' ' + name + ": " + entries.size());
    }
    List<T> all = new ArrayList<>();
    Set<String> about = new HashSet<>();
    for (Node entry : entries) {
      T one = reader.apply(entry);
      if (!about.add(one.toString())) {
        throw file.complaint(entry, one + " is there twice");
      }
      all.add(one);
    }
    return all;
  }

  private Ban ban(Node entry) {
    Map<String, Node> rest = new LinkedHashMap<>();
    Banned who = who(entry, "a ban", rest);
    Ban ban =
        new Ban(
            who,
            optional(rest, NAMESPACE, Namespace::of),
            orEmpty(optional(rest, REASON, text -> text)),
            orEmpty(optional(rest, BY, text -> text)),
            optional(rest, SINCE, BansFile::instant),
            optional(rest, UNTIL, BansFile::instant));
    requireNoMore(entry, "a ban", rest);
    return ban;
  }

  private Pardon pardon(Node entry) {
    Map<String, Node> rest = new LinkedHashMap<>();
    Banned who = who(entry, "a pardon", rest);
    String reason = orEmpty(optional(rest, REASON, text -> text));
    String by = orEmpty(optional(rest, BY, text -> text));
    Instant at = optional(rest, AT, BansFile::instant);
    requireNoMore(entry, "a pardon", rest);
    if (at == null) {
      throw file.complaint(entry, "at: a pardon says by when what it pardons had begun");
    }
    return new Pardon(who, at, reason, by);
  }

  private void requireNoMore(Node entry, String kind, Map<String, Node> rest) {
    if (!rest.isEmpty()) {
      throw file.complaint(
          entry, rest.keySet().iterator().next() + ": " + kind + " has no such line");
    }
  }

  /**
   * Whom an entry is about.
   *
   * @param rest takes its other lines
   */
  private Banned who(Node entry, String kind, Map<String, Node> rest) {
    Banned who = null;
    for (NodeTuple line : file.mapping(entry, kind, EXAMPLE)) {
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
            line.getKeyNode(), key + ": " + kind + " is about one client-id, user or address");
      }
    }
    if (who == null) {
      throw file.complaint(entry, kind + " is about a client-id, a user or an address");
    }
    return who;
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
