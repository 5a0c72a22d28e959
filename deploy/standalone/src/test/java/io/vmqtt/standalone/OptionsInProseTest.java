package io.vmqtt.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.option.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What stands in parentheses behind an option, anywhere in the documents, is its default: in a line
 * that names a command, for that command, else for all.
 */
class OptionsInProseTest {
  private static final Pattern DEFAULT = Pattern.compile("`--([a-z-]+)` \\(([^)]*)\\)");
  private static final Pattern COMMAND = Pattern.compile("`vmqtt ([a-z]+)`");

  private int found;

  @Test
  void documents_defaultBehindAnOption_isTheDeclaredOne() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path document : documents()) {
      for (String line : Files.readAllLines(document)) {
        Matcher said = DEFAULT.matcher(line);
        while (said.find()) {
          found++;
          declaredOtherwise(line, said.group(1), said.group(2))
              .map(is -> document.getFileName() + " says " + said.group() + ", but it is " + is)
              .ifPresent(wrong::add);
        }
      }
    }

    assertEquals(List.of(), wrong);
    assertTrue(found > 20, () -> found + " were found: are they written otherwise now?");
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> root = Files.list(OptionDocsTest.DOCS.resolve(".."));
        Stream<Path> docs = Files.list(OptionDocsTest.DOCS)) {
      return Stream.concat(root, docs).filter(file -> file.toString().endsWith(".md")).toList();
    }
  }

  /** What is declared, if it is not what is said. */
  private static Optional<String> declaredOtherwise(String line, String name, String said) {
    Matcher command = COMMAND.matcher(line);
    String one = command.find() ? command.group(1) : "";
    List<Option<?>> options =
        OptionDocsTest.commands().entrySet().stream()
            .filter(entry -> one.isEmpty() || entry.getKey().equals(one))
            .map(Map.Entry::getValue)
            .flatMap(List::stream)
            .filter(option -> option.name().equals(name))
            .toList();
    if (options.isEmpty()) {
      return Optional.of("no option");
    }
    return options.stream()
        .filter(option -> !isDefault(option, said))
        .map(option -> option.standardWords() + ", " + option.meaning())
        .findFirst();
  }

  private static boolean isDefault(Option<?> option, String said) {
    String plain =
        said.replace("`", "")
            .replaceAll("(?<=\\d),(?=\\d{3})", "")
            .replace(" KiB", "k")
            .replace(" MiB", "M")
            .replace(" GiB", "G");
    return plain.equals(option.standardWords())
        || ("0".equals(option.standard()) && option.meaning().endsWith("; 0 for " + plain));
  }
}
