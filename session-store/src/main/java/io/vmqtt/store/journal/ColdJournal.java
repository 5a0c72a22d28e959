package io.vmqtt.store.journal;

import io.vmqtt.store.storage.Damage;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** What of the journal of a running store is complete, so that nobody writes it again. */
public final class ColdJournal {
  private ColdJournal() {}

  /** The files that are full, in order: all but the last. */
  public static List<Path> files(Path data) throws IOException {
    List<JournalFile> files = JournalFolder.of(data).files();
    return files.stream().limit(Math.max(0, files.size() - 1)).map(JournalFile::file).toList();
  }

  /**
   * What is wrong with one of them.
   *
   * @throws NoSuchFileException if it is gone, or the one behind it, which says where it ends
   */
  public static List<Damage> look(Path file) throws IOException {
    JournalFile full = JournalFile.of(file);
    if (full == null) {
      return List.of();
    }
    JournalFile next = JournalFile.in(file.resolveSibling(""), full.number() + 1);
    FileHeader behind = next.read(0, _ -> {}).header();
    long limit = behind == null ? JournalFile.NO_LIMIT : behind.firstBatch();
    JournalFile.Flaw flaw = full.read(limit, _ -> {}).flaw();
    return flaw == null ? List.of() : List.of(new Damage(file, flaw.how()));
  }
}
