package io.vmqtt.store;

import io.vmqtt.store.journal.JournalFolder;
import io.vmqtt.store.raft.GroupCheck;
import io.vmqtt.store.storage.DataFolder;
import io.vmqtt.store.storage.DataFolderException;
import java.io.IOException;

/** Whether shards of a store may have replicas elsewhere, and what their logs are then. */
public enum Replication {
  /** They may, now or later: each has a Raft group. */
  POSSIBLE,
  /** They never will: all of a new folder share a journal. One that has Raft groups keeps them. */
  NONE;

  /**
   * Whether the logs of a folder are in a journal, or will be.
   *
   * @throws DataFolderException if they are, and may not be
   */
  boolean usesJournal(DataFolder folder) throws DataFolderException {
    try {
      boolean has = JournalFolder.of(folder.path()).isUsed();
      if (has && this == POSSIBLE) {
        folder.close();
        throw new DataFolderException(
            "data folder "
                + folder.path()
                + " was begun by 'vmqtt standalone', and its log has no replicas: a store of a"
                + " cluster cannot use it until 'vmqtt store convert' has given it others");
      }
      return has
          || (this == NONE
              && GroupCheck.of(folder.path().resolve(DataFolder.LOGS)).shards().isEmpty());
    } catch (IOException e) {
      throw new DataFolderException("data folder " + folder.path() + " cannot be used: " + e);
    }
  }
}
