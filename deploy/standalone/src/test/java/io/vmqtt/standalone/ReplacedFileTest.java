package io.vmqtt.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacedFileTest {
  @TempDir private Path folder;
  private Path file = Path.of("");
  private Path lock = Path.of("");
  private Path other = Path.of("");

  @BeforeEach
  void anotherFile() throws IOException {
    file = folder.resolve("users");
    lock = folder.resolve("users.lock");
    other = Files.writeString(folder.resolve("other"), "precious");
  }

  @Test
  void alone_lockFileIsALink_isRefusedAndWhatItLeadsToStays() throws IOException {
    Files.createSymbolicLink(lock, other);

    IOException refusal =
        assertThrows(IOException.class, () -> ReplacedFile.alone(file, () -> "changed"));

    assertTrue(String.valueOf(refusal.getMessage()).startsWith(lock + ": cannot be locked"));
    assertEquals("precious", Files.readString(other));
  }

  @Test
  void alone_lockFileIsThere_isLockedAndNotWrittenTo() throws IOException {
    Files.createLink(lock, other);

    assertEquals("changed", ReplacedFile.alone(file, () -> "changed"));

    assertEquals("precious", Files.readString(other));
    assertFalse(Files.exists(lock, LinkOption.NOFOLLOW_LINKS));
  }

  /** As the system sees it: a process loses its locks of a file when it closes it anywhere. */
  @Test
  void alone_whileTheChangeIsMade_theFileIsLocked() throws IOException {
    List<String> locks =
        ReplacedFile.alone(
            file,
            () -> {
              String end = ":" + Files.getAttribute(lock, "unix:ino") + " 0 EOF";
              return Files.readAllLines(Path.of("/proc/locks")).stream()
                  .filter(line -> line.endsWith(end))
                  .toList();
            });

    assertEquals(1, locks.size());
  }
}
