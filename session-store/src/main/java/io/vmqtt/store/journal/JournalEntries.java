package io.vmqtt.store.journal;

import io.vmqtt.store.log.LoggedEntries;
import io.vmqtt.store.storage.Damage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The good entries of shards in a journal that nobody has open, whatever is between them. */
public final class JournalEntries {
  private JournalEntries() {}

  /** The shards that have any. */
  public static Set<Integer> shards(JournalFolder folder) throws IOException {
    Set<Integer> shards = new TreeSet<>();
    List<JournalFile> files = folder.files();
    for (int i = 0; i < files.size(); i++) {
      files.get(i).readWhatIsGood(limit(files, i), record -> shards.add(record.shard()));
    }
    return shards;
  }

  /**
   * Reads those of one.
   *
   * @return what of the journal cannot be read
   */
  public static List<Damage> read(JournalFolder folder, int shard, LoggedEntries reader)
      throws IOException {
    List<Damage> damages = new ArrayList<>();
    List<JournalFile> files = folder.files();
    for (int i = 0; i < files.size(); i++) {
      JournalFile file = files.get(i);
      long limit = limit(files, i);
      JournalFile.Flaw flaw = file.read(limit, record -> {}).flaw();
      if (flaw != null) {
        damages.add(new Damage(file.file(), flaw.how()));
      }
      file.readWhatIsGood(
          limit,
          record -> {
            if (record.shard() == shard) {
              reader.entry(record.term(), record.index(), record.content());
            }
          });
    }
    return damages;
  }

  /** Where the batches of a file end that count. */
  static long limit(List<JournalFile> files, int file) throws IOException {
    if (file + 1 == files.size()) {
      return JournalFile.NO_LIMIT;
    }
    FileHeader next = files.get(file + 1).read(0, record -> {}).header();
    return next == null ? JournalFile.NO_LIMIT : next.firstBatch();
  }
}
