package io.vmqtt.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.testkit.architecture.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every statement that binds a server has a test, and the page says which. */
class RepositoryConformanceTest {
  private static final Path PAGE = Path.of("docs", "conformance.md");

  private final Conformance conformance = Conformance.ofThisRepository();

  @Test
  void statements_allHaveTestsOrAReason() {
    assertEquals(List.of(), conformance.problems());
  }

  /** {@code -Dvmqtt.conformance.write} writes it instead. */
  @Test
  void page_saysWhatTheAnnotationsSay() throws IOException {
    Path page = SourceTree.ofThisRepository().root().resolve(PAGE);
    String text = new ConformancePage(conformance).text();
    if (System.getProperty("vmqtt.conformance.write") != null) {
      Files.writeString(page, text);
    }
    assertEquals(text, Files.readString(page), PAGE + " is not up to date: see CONTRIBUTING.md");
  }
}
