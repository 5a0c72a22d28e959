package io.vmqtt.gateway.access.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.vmqtt.extension.Newcomer;
import io.vmqtt.extension.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtensionFolderTest {
  private static final String SAYS_WHAT_IT_IS_TOLD =
      """
      return new ClientAccess() {
        public Verdict authenticate(Newcomer one) { return Verdict.allowed(settings.get("as")); }
      };
      """;
  private static final Newcomer SOMEBODY = new Newcomer("", "c", null, null, null, null);

  @TempDir private Path scratch;
  private Path folder = Path.of("");

  @BeforeEach
  void make() throws IOException {
    folder = Files.createDirectory(scratch.resolve("extensions"));
  }

  @Test
  void open_jarOfAnExtension_isToldItsSettings() throws Exception {
    ExtensionJar.of(folder, "one", SAYS_WHAT_IT_IS_TOLD);
    Files.createDirectory(folder.resolve("two"));
    ExtensionJar.of(folder.resolve("two"), "two", SAYS_WHAT_IT_IS_TOLD);
    Files.writeString(folder.resolve("README"), "no jar");

    try (ExtensionFolder read = ExtensionFolder.read(folder)) {
      ExtensionFolder.Opened one = read.open("one", Map.of("as", "anna"));
      ExtensionFolder.Opened two = read.open("two", Map.of("as", "bert"));

      assertEquals(Verdict.allowed("anna"), one.access().authenticate(SOMEBODY));
      assertEquals(Verdict.allowed("bert"), two.access().authenticate(SOMEBODY));
      assertFalse(one.givesRules());
      assertNotEquals(one.access().getClass(), two.access().getClass());
    }
  }

  /** Else what the broker is made of could not be changed any more. */
  @Test
  void loader_classesOfTheBroker_areNotThere() throws Exception {
    ExtensionJar.of(folder, "one", SAYS_WHAT_IT_IS_TOLD);

    try (ExtensionFolder read = ExtensionFolder.read(folder)) {
      ClassLoader loader = read.open("one", Map.of("as", "anna")).loader();

      assertEquals(Verdict.class, loader.loadClass(Verdict.class.getName()));
      assertThrows(
          ClassNotFoundException.class, () -> loader.loadClass(ExtensionFolder.class.getName()));
      assertThrows(ClassNotFoundException.class, () -> loader.loadClass("org.slf4j.Logger"));
    }
  }

  @Test
  void read_anotherVersionOfTheInterface_isRefusedByName() {
    Path jar = ExtensionJar.of(folder, "one", "2", SAYS_WHAT_IT_IS_TOLD);

    assertEquals(
        jar + ": made for version 2 of the interface of extensions, and this is version 1",
        complaint());
  }

  @Test
  void read_whatIsNoExtension_isRefusedByName() throws IOException {
    assertEquals(
        scratch.resolve("none") + ": there is no such folder",
        assertThrows(IOException.class, () -> ExtensionFolder.read(scratch.resolve("none")))
            .getMessage());

    Path jar = ExtensionJar.empty(folder.resolve("empty.jar"));
    assertEquals(
        jar + ": no extension, nothing in META-INF/services/io.vmqtt.extension.Extension",
        complaint());

    Files.delete(jar);
    Path first = ExtensionJar.of(folder, "one", SAYS_WHAT_IT_IS_TOLD);
    Path second = Files.copy(first, folder.resolve("two.jar"));
    assertEquals(second + ": 'one' is in " + first + ", too", complaint());

    Files.delete(first);
    Files.delete(second);
    Path odd = ExtensionJar.of(folder, "No Name", SAYS_WHAT_IT_IS_TOLD);
    assertEquals(odd + ": 'No Name' is no name of 1 to 64 characters of a-z0-9-_", complaint());
  }

  /** Java passes over it in silence. */
  @Test
  void read_brokenJar_isRefusedByName() throws IOException {
    Path jar = Files.writeString(folder.resolve("one.jar"), "no archive");

    assertEquals(jar + ": no jar that can be read: zip END header not found", complaint());
  }

  @Test
  void close_itDoesNotComeToItsEnd_isNotWaitedForForEver() throws IOException {
    ExtensionJar.of(
        folder,
        "one",
        """
        return new ClientAccess() {
          public void close() { synchronized (this) { while (true) { try { wait(); } catch (Exception e) { } } } }
        };
        """);

    try (ExtensionFolder read = ExtensionFolder.read(folder)) {
      ExtensionFolder.Opened one = read.open("one", Map.of());

      assertTimeoutPreemptively(Duration.ofSeconds(30), one::close);
    }
  }

  @Test
  void open_itFails_saysWhy() throws IOException {
    ExtensionJar.of(folder, "one", "throw new IllegalStateException(\"it needs file=FILE\");");
    ExtensionJar.of(folder, "two", "throw new NoSuchMethodError(\"gone\");");

    try (ExtensionFolder read = ExtensionFolder.read(folder)) {
      assertEquals(
          "extension one: it needs file=FILE",
          assertThrows(IOException.class, () -> read.open("one", Map.of())).getMessage());
      assertEquals(
          "extension two: gone",
          assertThrows(IOException.class, () -> read.open("two", Map.of())).getMessage());
      assertEquals(
          folder + ": there is no extension 'three', only one, two",
          assertThrows(IOException.class, () -> read.open("three", Map.of())).getMessage());
    }
  }

  private String complaint() {
    return String.valueOf(
        assertThrows(IOException.class, () -> ExtensionFolder.read(folder)).getMessage());
  }
}
