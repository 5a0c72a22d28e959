package io.vmqtt.registry.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the page is made of holds together, and speaks of nothing that is elsewhere. */
class PageFilesTest {
  private static final Path SOURCES = Path.of("src", "main", "web");
  private static final int MOST_LINES = 600;
  private static final Pattern IMPORT = Pattern.compile("from ?['\"](\\.[^'\"]+)['\"]");
  private static final Pattern ADDRESS = Pattern.compile("(?:https?:)?//[a-z][\\w.-]*\\.[a-z]+");

  /** A key of a text, in quotes; or what all keys begin with that are put together there. */
  private static final Pattern KEY = Pattern.compile("['`]([a-z][\\w.-]*)(?:['`]|\\$\\{)");

  private final PageFiles files = new PageFiles();

  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    try (Stream<Path> all = Files.walk(SOURCES)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        sources.put(SOURCES.relativize(file).toString(), Files.readString(file));
      }
    }
    return sources;
  }

  private String served(String name) {
    return new String(
        files.file(name).orElseThrow(() -> new AssertionError("not served: " + name)),
        StandardCharsets.UTF_8);
  }

  @Test
  void index_namesFilesThatAreThere_andHasNothingInline() {
    String index = new String(files.index(), StandardCharsets.UTF_8);
    List<String> named =
        Pattern.compile("(?:src|href)=\"page/" + files.folder() + "/([^\"]+)\"")
            .matcher(index)
            .results()
            .map(found -> found.group(1))
            .toList();
    assertEquals(5, named.size(), named::toString);
    named.forEach(this::served);
    assertFalse(Pattern.compile("<style|style=|<script[^>]*>[^<]| on\\w+=").matcher(index).find());
    assertFalse(index.contains("{folder}"), index);
  }

  @Test
  void imports_ofEachModule_areThere() throws IOException {
    List<String> modules = new ArrayList<>(sources().keySet());
    modules.removeIf(name -> !name.endsWith(".js"));
    modules.addAll(List.of("lib/preact.js", "lib/hooks.js", "lib/uplot.js"));
    int imports = 0;
    for (String module : modules) {
      for (MatchResult found : IMPORT.matcher(served(module)).results().toList()) {
        served(Path.of(module).resolveSibling(found.group(1)).normalize().toString());
        imports++;
      }
    }
    assertTrue(imports > modules.size(), "imports: " + imports);
    assertTrue(served("lib/hooks.js").contains("from\"./preact.js\""), "hooks of another Preact");
  }

  @Test
  void files_nameNobodyElse() throws IOException {
    Set<String> named = new TreeSet<>();
    for (Map.Entry<String, String> source : sources().entrySet()) {
      ADDRESS.matcher(source.getValue()).results().forEach(found -> named.add(found.group()));
    }
    assertEquals(Set.of("http://www.w3.org"), named); // a name of SVG, which nobody asks for
  }

  @Test
  void sources_areShort() throws IOException {
    for (Map.Entry<String, String> source : sources().entrySet()) {
      long lines = source.getValue().lines().count();
      assertTrue(lines <= MOST_LINES, () -> source.getKey() + ": " + lines + " lines");
    }
  }

  @Test
  void texts_inBothLanguages_areThoseThatAreUsed() throws IOException {
    Map<String, String> english = texts("en");
    Map<String, String> chinese = texts("zh");
    assertEquals(english.keySet(), chinese.keySet());
    Set<String> used = new TreeSet<>();
    Set<String> begun = new TreeSet<>();
    for (Map.Entry<String, String> source : sources().entrySet()) {
      if (source.getKey().endsWith(".js")) {
        KEY.matcher(source.getValue())
            .results()
            .forEach(found -> (found.group().endsWith("{") ? begun : used).add(found.group(1)));
        Pattern.compile("\\bt\\('([^']+)'")
            .matcher(source.getValue())
            .results()
            .forEach(found -> assertTrue(english.containsKey(found.group(1)), found.group(1)));
      }
    }
    assertEquals(
        List.of(),
        english.keySet().stream()
            .filter(
                key ->
                    !used.contains(key)
                        && begun.stream()
                            .noneMatch(start -> start.endsWith(".") && key.startsWith(start)))
            .toList());
    english.forEach(
        (key, text) -> assertEquals(holes(text), holes(String.valueOf(chinese.get(key))), key));
  }

  private static Set<String> holes(String text) {
    return Pattern.compile("\\{\\w+}")
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Map<String, String> texts(String language) throws IOException {
    return new ObjectMapper()
        .readValue(served("src/text/" + language + ".json"), new TypeReference<>() {});
  }
}
