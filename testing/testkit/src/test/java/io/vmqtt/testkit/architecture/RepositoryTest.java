package io.vmqtt.testkit.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
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
}
