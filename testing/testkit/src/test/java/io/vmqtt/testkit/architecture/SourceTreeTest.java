package io.vmqtt.testkit.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceTreeTest {
  @TempDir Path root;

  @BeforeEach
  void furnish() throws IOException {
    write("a/src/main/java/good/package-info.java", "@NullMarked\npackage good;\n");
  }

  @Test
  void filesTooLong_limitAndOneMore_onlyTheLongerIsFound() throws IOException {
    write("a/src/main/java/good/Limit.java", "//\n".repeat(SourceTree.MAX_LINES));
    write("a/src/test/java/good/Long.java", "//\n".repeat(SourceTree.MAX_LINES + 1));

    assertEquals(
        List.of("a/src/test/java/good/Long.java has 601 lines, at most 600"),
        SourceTree.at(root).filesTooLong());
  }

  @Test
  void filesTooLong_generated_ignored() throws IOException {
    write("a/target/generated-sources/Long.java", "//\n".repeat(SourceTree.MAX_LINES + 1));

    assertEquals(List.of(), SourceTree.at(root).filesTooLong());
  }

  @Test
  void packagesNotNullMarked_missingAndUnmarked_bothFound() throws IOException {
    write("b/src/main/java/missing/A.java", "package missing;\n");
    write("b/src/main/java/missing/B.java", "package missing;\n");
    write(
        "b/src/main/java/unmarked/package-info.java",
        "/** No @NullMarked. */\npackage unmarked;\n");
    write("b/src/test/java/tests/A.java", "package tests;\n");

    assertEquals(
        List.of(
            "b/src/main/java/missing/package-info.java is missing or has no @NullMarked",
            "b/src/main/java/unmarked/package-info.java is missing or has no @NullMarked"),
        SourceTree.at(root).packagesNotNullMarked());
  }

  @Test
  void testsThatPagesInvent_classOrMethodThatIsNotThere_found() throws IOException {
    write("a/src/test/java/good/ThereTest.java", "class ThereTest {\n  void is_there() {}\n}\n");
    write(
        "docs/page.md",
        "`ThereTest`, `ThereTest.is_there`, `ThereTest.is_gone`, `GoneIT`, `Some.is_there`\n");

    assertEquals(
        List.of("docs/page.md names `ThereTest.is_gone`", "docs/page.md names `GoneIT`"),
        SourceTree.at(root).testsThatPagesInvent());
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
