package io.vmqtt.store.raft;

import io.vmqtt.cluster.machine.LastingFiles;
import io.vmqtt.store.storage.CheckpointFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The folders of all groups of a store that nobody has open. */
public final class GroupFolders {
  private GroupFolders() {}

  /**
   * Begins groups of shards whose tables are there already, and whose entries so far were in
   * another log: each has one member, which has seen the term of the last of them and has voted for
   * nobody. Its log begins behind what the tables have.
   *
   * @param groups the folder of all groups; there are none
   * @param terms that of the last entry of each shard
   */
  public static void begin(Path groups, Map<Integer, Long> terms) throws IOException {
    LastingFiles.createFolders(groups);
    for (Map.Entry<Integer, Long> one : terms.entrySet()) {
      vote(groups.resolve(GroupFiles.nameOf(one.getKey())), one.getValue());
    }
  }

  /** Deletes all of them, and the note of them first: nobody is to miss them. */
  public static void remove(Path groups) throws IOException {
    Files.deleteIfExists(groups.resolveSibling(LastKnown.FILE));
    LastingFiles.syncNames(groups.resolveSibling(""));
    CheckpointFiles.remove(groups);
  }

  /** Says in which term a replica is, and that it has voted for nobody in it. */
  static void vote(Path group, long term) throws IOException {
    Properties vote = new Properties();
    vote.setProperty(GroupFiles.TERM, String.valueOf(term));
    vote.setProperty(GroupFiles.VOTED_FOR, "");
    StringWriter text = new StringWriter();
    vote.store(text, null);
    LastingFiles.createFolders(group.resolve(GroupFiles.CURRENT));
    LastingFiles.write(group.resolve(GroupFiles.VOTE), text.toString());
  }
}
