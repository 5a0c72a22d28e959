package io.vmqtt.testkit.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Java sources of the repository, checked as text for what class files no longer tell. Findings
 * are sentences that begin with the file's path; an empty list is a clean house.
 */
public final class SourceTree {
  /** A file longer than this wants to be split by noun. There is no list of exceptions. */
  public static final int MAX_LINES = 600;

  private static final Pattern NAMED_TEST =
      Pattern.compile("`([A-Z]\\w*[a-z0-9](?:Test|IT))(?:\\.(\\w+))?`");

  private final Path root;

  private SourceTree(Path root) {
    this.root = root;
  }

  public static SourceTree at(Path root) {
    return new SourceTree(root);
  }

  /** The repository that holds the working directory: the closest parent with a Maven wrapper. */
  public static SourceTree ofThisRepository() {
    Path start = Path.of("").toAbsolutePath();
    for (Path directory = start; directory != null; directory = directory.getParent()) {
      if (Files.isRegularFile(directory.resolve("mvnw"))) {
        return at(directory);
      }
    }
    throw new IllegalStateException("no mvnw in " + start + " or above it");
  }

  /** Its topmost folder. */
  public Path root() {
    return root;
  }

  /** All hand-written Java files, generated ones under {@code target} left out. */
  public List<Path> javaFiles() {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(
              file -> !relative(file).startsWith("target/") && !relative(file).contains("/target/"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Files with more than {@link #MAX_LINES} lines. */
  public List<String> filesTooLong() {
    return javaFiles().stream()
        .filter(file -> linesOf(file).size() > MAX_LINES)
        .map(
            file ->
                relative(file) + " has " + linesOf(file).size() + " lines, at most " + MAX_LINES)
        .toList();
  }

  /**
   * Production packages that have no {@code package-info.java}, or one without {@code @NullMarked}.
   */
  public List<String> packagesNotNullMarked() {
    return javaFiles().stream()
        .filter(file -> relative(file).contains("src/main/java/"))
        .map(file -> file.resolveSibling("package-info.java"))
        .distinct()
        .filter(packageInfo -> !isNullMarked(packageInfo))
        .map(packageInfo -> relative(packageInfo) + " is missing or has no @NullMarked")
        .toList();
  }

  /**
   * Tests that pages name, as {@code `SomeTest`} or {@code `SomeIT.method`}, and that are not
   * there.
   */
  public List<String> testsThatPagesInvent() {
    Map<String, String> tests =
        javaFiles().stream()
            .filter(file -> relative(file).contains("src/test/java/"))
            .collect(
                Collectors.toMap(
                    file -> file.getFileName().toString().replace(".java", ""),
                    file -> String.join("\n", linesOf(file)),
                    (one, other) -> one + other));
    return pages().stream()
        .flatMap(
            page ->
                NAMED_TEST
                    .matcher(String.join("\n", linesOf(page)))
                    .results()
                    .filter(named -> !isThere(tests.get(named.group(1)), named.group(2)))
                    .map(named -> relative(page) + " names " + named.group()))
        .toList();
  }

  private static boolean isThere(@Nullable String test, @Nullable String method) {
    return test != null && (method == null || test.contains(" void " + method + "("));
  }

  /** What people read about the product. */
  private List<Path> pages() {
    try (Stream<Path> top = Files.list(root);
        Stream<Path> docs = Files.walk(root.resolve("docs"))) {
      return Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isNullMarked(Path packageInfo) {
    return Files.exists(packageInfo)
        && linesOf(packageInfo).stream().anyMatch(line -> line.strip().equals("@NullMarked"));
  }

  private static List<String> linesOf(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  private String relative(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }
}
