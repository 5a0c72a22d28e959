package io.vmqtt.store.journal;

import io.vmqtt.store.storage.SealedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of a journal, and the note beside it: no file says by itself that the one behind it,
 * or its own end, is missing.
 *
 * @param path of the folder
 */
public record JournalFolder(Path path) {
  /** Its name in the folder of a store. */
  public static final String NAME = "journal";

  /** How far it was known to be, beside the folder. */
  static final String KNOWN = "journal-known";

  /** Behind the name of a file that is not whole yet. */
  static final String DRAFT = ".new";

  private static final Logger log = LoggerFactory.getLogger(JournalFolder.class);

  /** That of a store. */
  public static JournalFolder of(Path data) {
    return new JournalFolder(data.resolve(NAME));
  }

  /** Whether the logs of a store are in a journal; a folder that is empty is as good as none. */
  public boolean isUsed() throws IOException {
    return !files().isEmpty() || Files.exists(known());
  }

  /** The files, in order. */
  List<JournalFile> files() throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files
          .map(JournalFile::of)
          .filter(Objects::nonNull)
          .sorted(Comparator.comparingLong(JournalFile::number))
          .toList();
    }
  }

  private Path known() {
    return path.resolveSibling(KNOWN);
  }

  /** The last batch that is noted to be there; 0: none, or nobody knows. */
  long lastKnown() throws IOException {
    if (!Files.exists(known())) {
      return 0;
    }
    byte[] note = Files.readAllBytes(known());
    try {
      return Long.parseLong(SealedText.of(note).strip());
    } catch (IOException | NumberFormatException e) {
      log.warn("{} is not as it was written: it is written anew", known());
      return 0;
    }
  }

  /** Notes that a batch is on the disk. */
  void note(long batch) throws IOException {
    SealedText.write(known(), Long.toString(batch));
  }
}
