package io.vmqtt.cluster.machine;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchesTest {
  private final FileWatches watches = new FileWatches();
  private final List<String> read = new CopyOnWriteArrayList<>();

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void setUp() {
    file = folder.resolve("users");
  }

  @AfterEach
  void close() {
    watches.close();
  }

  @Test
  void watch_contentChanges_isReadAgain() throws IOException {
    Files.writeString(file, "a");
    watch();
    assertEquals(List.of("a"), read);

    Files.writeString(file, "b");
    await().until(() -> read.equals(List.of("a", "b")));

    Path next = Files.writeString(folder.resolve("next"), "c");
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    await().until(() -> read.equals(List.of("a", "b", "c")));
  }

  @Test
  void watch_contentIsNotTakenOrTheFileIsGone_whatWasHoldsUntilThereIsAnother() throws IOException {
    Files.writeString(file, "a");
    watch();

    Files.writeString(file, "broken");
    await().until(() -> read.contains("broken"));
    Files.delete(file);
    Files.writeString(file, "b");

    await().until(() -> read.equals(List.of("a", "broken", "b")));
  }

  @Test
  void watch_cannotBeReadOrIsNotTakenAtFirst_theComplaintNamesTheFile() throws IOException {
    assertEquals(
        file + ": there is no such file",
        assertThrows(IOException.class, this::watch).getMessage());
    Files.writeString(file, "broken");

    assertEquals(file + ": line 1: no", assertThrows(IOException.class, this::watch).getMessage());
  }

  @Test
  void close_ofOneWatch_itsFileIsReadNoMore() throws IOException {
    Files.writeString(file, "a");
    watch().close();
    List<String> another = new CopyOnWriteArrayList<>();
    watches.watch(file, bytes -> another.add(new String(bytes, StandardCharsets.UTF_8)));

    Files.writeString(file, "b");
    await().until(() -> another.equals(List.of("a", "b")));

    assertEquals(List.of("a"), read);
  }

  private FileWatches.Watch watch() throws IOException {
    return watches.watch(
        file,
        bytes -> {
          String text = new String(bytes, StandardCharsets.UTF_8);
          read.add(text);
          if (text.equals("broken")) {
            throw new IllegalArgumentException("line 1: no");
          }
        });
  }
}
