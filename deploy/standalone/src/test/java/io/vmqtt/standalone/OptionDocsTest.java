package io.vmqtt.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.vmqtt.cluster.node.ClusterOptions;
import io.vmqtt.cluster.node.HttpOptions;
import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.process.ProcessOptions;
import io.vmqtt.gateway.config.GatewayOptions;
import io.vmqtt.registry.config.RegistryOptions;
import io.vmqtt.router.config.RouterOptions;
import io.vmqtt.store.config.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * What is written about options is what they are declared to be: the tables of {@code
 * docs/configuration.md}, but for what stands there behind {@code <br>}, and {@code
 * docs/vmqtt.yaml}. With {@code -Dvmqtt.docs.write=true} both are written anew instead.
 */
class OptionDocsTest {
  private static final boolean WRITE = Boolean.getBoolean("vmqtt.docs.write");
  static final Path DOCS = Path.of("..", "..", "docs");
  private static final Path CONFIGURATION = DOCS.resolve("configuration.md");
  private static final Path EXAMPLE = DOCS.resolve("vmqtt.yaml");
  private static final String BEGIN = "<!-- options: ";
  private static final String END = "<!-- end -->";
  private static final List<String> HEAD =
      List.of(
          "| option | environment | default | values | meaning |",
          "| --- | --- | --- | --- | --- |");

  @Test
  void configuration_tables_areTheOptions() throws IOException {
    List<String> written = Files.readAllLines(CONFIGURATION);
    List<String> lines = new ArrayList<>();
    Map<String, List<Option<?>>> tables = new LinkedHashMap<>(tables());
    Map<String, String> prose = new HashMap<>();
    String table = "";
    for (String line : written) {
      if (line.startsWith(BEGIN)) {
        table = line.substring(BEGIN.length(), line.indexOf(" -->"));
        lines.add(line);
      } else if (line.equals(END)) {
        lines.addAll(HEAD);
        for (Option<?> option : Objects.requireNonNull(tables.remove(table), table)) {
          lines.add(row(option, prose.getOrDefault(option.name(), "")));
        }
        lines.add(line);
        prose.clear();
        table = "";
      } else if (table.isEmpty()) {
        lines.add(line);
      } else if (line.contains("<br>")) {
        prose.put(
            line.substring("| `--".length(), line.indexOf('`', 3)),
            line.substring(line.indexOf("<br>"), line.lastIndexOf(" |")));
      }
    }

    assertEquals(Set.of(), tables.keySet(), "tables that are missing in " + CONFIGURATION);
    compare(CONFIGURATION, written, lines);
  }

  private static String row(Option<?> option, String prose) {
    String standard =
        option.standard() == null ? option.standardWords() : '`' + option.standard() + '`';
    return Stream.of(
            "`--" + option.name() + '`',
            '`' + option.variable() + '`',
            standard,
            option.type().allowed(),
            inMarkdown(option.meaning()) + '.' + prose)
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static String inMarkdown(String meaning) {
    return meaning.replaceAll("(--[a-z-]+)", "`$1`");
  }

  private static Map<String, List<Option<?>>> tables() {
    Map<String, List<Option<?>>> tables = new LinkedHashMap<>();
    tables.put("every command", CommonOptions.all());
    List<Option<?>> ofRoles = new ArrayList<>();
    commands().values().stream().skip(1).forEach(ofRoles::addAll);
    tables.put(
        "standalone",
        options("standalone").stream().filter(Predicate.not(ofRoles::contains)).toList());
    tables.put(
        "every process of a cluster",
        Stream.of(
                ClusterOptions.all(),
                List.of(everywhere("http-port"), ProcessOptions.HTTP_HOST),
                HttpOptions.all(),
                ProcessOptions.health())
            .<Option<?>>flatMap(List::stream)
            .toList());
    tables.put("gateway", GatewayOptions.all());
    tables.put("router", with("grpc-port", "router", RouterOptions.all()));
    tables.put("registry", RegistryOptions.all());
    tables.put("store", with("grpc-port", "store", StoreOptions.all()));
    return tables;
  }

  private static List<Option<?>> with(String name, String command, List<Option<?>> others) {
    return Stream.concat(Stream.of(option(name, command)), others.stream()).toList();
  }

  /** An option whose default is another in each role. */
  private static Option<?> everywhere(String name) {
    String standards =
        commands().keySet().stream()
            .skip(1)
            .map(command -> command + " `" + option(name, command).standardWords() + '`')
            .collect(Collectors.joining(", "));
    return withDefault(option(name, "gateway"), standards);
  }

  private static <T> Option<T> withDefault(Option<T> option, String words) {
    return new Option<>(
        option.name(),
        option.property(),
        option.type(),
        null,
        words,
        option.meaning(),
        option.ofClusters());
  }

  private static Option<?> option(String name, String command) {
    return options(command).stream()
        .filter(option -> option.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<Option<?>> options(String command) {
    return Objects.requireNonNull(commands().get(command));
  }

  /** The commands and their options, the standalone one first. */
  static Map<String, List<Option<?>>> commands() {
    Map<String, List<Option<?>>> commands = new LinkedHashMap<>();
    for (RoleCommand command : RoleCommands.all(new Environment(Map.of()))) {
      commands.put(
          command.spec().name(),
          command.options().stream().<Option<?>>map(RoleOption::option).toList());
    }
    return commands;
  }

  @Test
  void example_isTheOptions() throws IOException {
    List<String> written = Files.exists(EXAMPLE) ? Files.readAllLines(EXAMPLE) : List.of();
    compare(EXAMPLE, written, example());
  }

  /**
   * First what has the same default in all commands that have it, then what has not, command by
   * command.
   */
  private static List<String> example() {
    List<String> lines = new ArrayList<>();
    lines.add("# Every option of every command, at its default. Names and values are those of the");
    lines.add(
        "# command line; docs/configuration.md describes them. For `vmqtt COMMAND --config`.");
    lines.add("#");
    lines.add("# Here at the top a key is for every command that has the option.");
    Map<String, List<Option<?>>> ofCommands = commands();
    Map<String, Set<String>> standards = new HashMap<>();
    Map<String, Option<?>> first = new LinkedHashMap<>();
    Map<String, Set<String>> users = new HashMap<>();
    ofCommands.forEach(
        (command, options) ->
            options.forEach(
                option -> {
                  first.putIfAbsent(option.name(), option);
                  standards
                      .computeIfAbsent(option.name(), name -> new LinkedHashSet<>())
                      .add(option.standardWords());
                  users.computeIfAbsent(option.name(), name -> new LinkedHashSet<>()).add(command);
                }));
    Predicate<Option<?>> same =
        option -> Objects.requireNonNull(standards.get(option.name())).size() == 1;
    lines.add("");
    for (Option<?> option : CommonOptions.OF_LOG) {
      lines.addAll(entry(option, "every command", ""));
    }
    first.values().stream()
        .filter(same)
        .forEach(
            option -> {
              lines.add("");
              lines.addAll(
                  entry(
                      option,
                      String.join(", ", Objects.requireNonNull(users.get(option.name()))),
                      ""));
            });
    ofCommands.forEach(
        (command, options) -> {
          lines.add("");
          lines.add("# For " + command + " alone.");
          lines.add('#' + command + ':');
          options.stream()
              .filter(same.negate())
              .forEach(option -> lines.addAll(entry(option, "", "  ")));
        });
    return lines;
  }

  private static List<String> entry(Option<?> option, String users, String indent) {
    String allowed = option.type().allowed();
    List<String> lines = new ArrayList<>();
    lines.add(
        "# "
            + indent
            + option.meaning()
            + (allowed.isEmpty() ? "." : ": " + allowed + '.')
            + (users.isEmpty() ? "" : " (" + users + ')'));
    lines.add(
        '#'
            + indent
            + option.name()
            + ':'
            + (option.standard() == null
                ? " # without it, " + option.standardWords()
                : ' ' + option.standard()));
    return lines;
  }

  /** Who takes the example as it is gets what he has without it. */
  @ParameterizedTest
  @ValueSource(strings = {"standalone", "gateway", "router", "store", "registry"})
  void example_commentsTaken_setsTheDefaults(String command, @TempDir Path folder)
      throws IOException {
    Path file =
        Files.write(
            folder.resolve("vmqtt.yaml"),
            Files.readAllLines(EXAMPLE).stream()
                .map(line -> line.matches("# .*") ? line : line.replaceFirst("^#", ""))
                .toList());

    assertEquals(
        properties(command), properties(command, "--config", file.toString(), "--log-level=INFO"));
  }

  private static Map<String, Object> properties(String command, String... options) {
    CommandLine vmqtt = Vmqtt.commandLine(Map.of());
    vmqtt.parseArgs(Stream.concat(Stream.of(command), Stream.of(options)).toArray(String[]::new));
    RoleCommand role = Objects.requireNonNull(vmqtt.getSubcommands().get(command)).getCommand();
    return new TreeMap<>(role.properties());
  }

  static void compare(Path file, List<String> written, List<String> expected) throws IOException {
    if (WRITE) {
      Files.write(file, expected);
      return;
    }
    for (int i = 0; i < Math.max(written.size(), expected.size()); i++) {
      String is = i < written.size() ? written.get(i) : "(its end)";
      String declared = i < expected.size() ? expected.get(i) : "(its end)";
      if (!is.equals(declared)) {
        fail(
            file
                + ", line "
                + (i + 1)
                + ", is\n  "
                + is
                + "\nand by what is declared\n  "
                + declared
                + "\nThe tests of deploy/standalone with -Dvmqtt.docs.write=true write it anew.");
      }
    }
  }
}
