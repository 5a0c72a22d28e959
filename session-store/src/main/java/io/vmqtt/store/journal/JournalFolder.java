package io.vmqtt.store.journal;

import io.vmqtt.cluster.machine.LastingFiles;
import io.vmqtt.store.storage.CheckpointFiles;
import io.vmqtt.store.storage.SealedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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

  /** Whether there is no file of it. */
  public boolean isEmpty() throws IOException {
    return files().isEmpty();
  }

  /**
   * Begins a journal without entries, for shards whose entries so far were in other logs.
   *
   * @param ends the last entry of each shard, which its tables have on the disk
   * @param term the highest of any entry
   */
  public void begin(Map<Integer, Long> ends, long term) throws IOException {
    LastingFiles.createFolders(path);
    FileHeader header = new FileHeader(1, 1, term, new SecureRandom().nextLong(), ends);
    OpenFile.begin(path, header, header.bytes()).close();
  }

  /** Deletes it, and the note of it first: nobody is to miss it. */
  public void remove() throws IOException {
    Files.deleteIfExists(known());
    LastingFiles.syncNames(path.resolveSibling(""));
    CheckpointFiles.remove(path);
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
