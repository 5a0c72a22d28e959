package io.vmqtt.testkit.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rules about source text, for the whole repository at once. */
class RepositoryTest {
  private final SourceTree repository = SourceTree.ofThisRepository();

  @Test
  void javaFiles_found_notNone() {
    assertFalse(repository.javaFiles().isEmpty());
  }

  @Test
  void javaFiles_atMost600Lines() {
    assertEquals(List.of(), repository.filesTooLong());
  }

  @Test
  void packages_allNullMarked() {
    assertEquals(List.of(), repository.packagesNotNullMarked());
  }

  @Test
  void pages_nameTestsThatAreThere() {
    assertEquals(List.of(), repository.testsThatPagesInvent());
  }

  /** What is said of hostile clients is shown: the last column of their table names a test. */
  @Test
  void hostileClients_eachHasATest() throws IOException {
    mustNameTests("docs/security.md", "| a client that |", 10);
  }

  /** So is what is on the disk before an answer leaves. */
  @Test
  void answers_eachHasATest() throws IOException {
    mustNameTests("ARCHITECTURE.md", "| answer |", 6);
  }

  /** A test in the last column of each row of the table that begins so. */
  private void mustNameTests(String page, String head, int fewest) throws IOException {
    List<String> rows =
        Files.readString(repository.root().resolve(page))
            .lines()
            .map(String::strip)
            .dropWhile(line -> !line.startsWith(head))
            .takeWhile(line -> line.startsWith("|"))
            .skip(2)
            .toList();
    assertTrue(rows.size() > fewest, () -> "rows: " + rows.size());
    for (String row : rows) {
      assertTrue(row.matches(".*\\|[^|]*`\\w+(Test|IT)(\\.\\w+)?`[^|]*\\|"), row);
    }
  }

  /** Where one is missing, the image cannot be built: the build of a part reads all. */
  @Test
  void modules_areAllAmongWhatTheImageIsBuiltFrom() throws IOException {
    Path root = repository.root();
    List<String> let = Files.readAllLines(root.resolve(".dockerignore"));
    Pattern module = Pattern.compile("<module>([^<]+)</module>");
    List<String> missing =
        module
            .matcher(Files.readString(root.resolve("pom.xml")))
            .results()
            .map(found -> found.group(1))
            .filter(
                folder ->
                    let.stream().noneMatch(line -> ("!" + folder + "/").startsWith(line + "/")))
            .toList();
    assertEquals(List.of(), missing);
  }
}
