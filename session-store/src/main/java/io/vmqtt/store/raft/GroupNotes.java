package io.vmqtt.store.raft;

import io.vmqtt.cluster.machine.LastingFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what is known of the groups here, for the next start ({@link LastKnown}). */
final class GroupNotes {
  private static final Logger log = LoggerFactory.getLogger(GroupNotes.class);

  /** So often at most only because a log has grown: each time costs a sync. */
  private static final Duration BETWEEN_ENDS = Duration.ofSeconds(10);

  private final Path folder;
  private final Set<Path> unreadable = new HashSet<>();
  private Map<String, LastKnown> written;
  private long writtenAt = System.nanoTime();

  /** Goes on with what is in the folder. */
  GroupNotes(Path folder) throws IOException {
    this.folder = folder;
    this.written = LastKnown.readable(folder);
  }

  /**
   * Of each open group, by the name of its folder, an entry that is applied and on the disk.
   * Entries of others may be committed, and applied, before they are in the log here.
   */
  static Map<String, Long> applied(RaftServer server) {
    Map<String, Long> applied = new HashMap<>();
    for (RaftGroupId group : server.getGroupIds()) {
      try {
        RaftServer.Division division = server.getDivision(group);
        LifeCycle.State state = division.getInfo().getLifeCycleState();
        if (state != LifeCycle.State.NEW && state != LifeCycle.State.STARTING) {
          applied.put(
              group.getUuid().toString(),
              Math.min(
                  division.getInfo().getLastAppliedIndex(), division.getRaftLog().getFlushIndex()));
        }
      } catch (IOException e) {
        log.debug("{} has just been removed", group, e);
      }
    }
    return applied;
  }

  /**
   * Looks, and writes it down if a vote or members have changed, or else every now and then.
   *
   * @param applied by the names of groups
   */
  synchronized void take(Map<String, Long> applied) throws IOException {
    Map<String, LastKnown> known = known(applied);
    boolean isDue = System.nanoTime() - writtenAt >= BETWEEN_ENDS.toNanos();
    boolean hasNews =
        !known.keySet().equals(written.keySet())
            || known.entrySet().stream()
                .anyMatch(one -> one.getValue().hasOtherFiles(written.get(one.getKey())));
    if (hasNews || isDue) {
      write(known);
    }
  }

  /** Of a group that is about to be removed nothing is known any longer. */
  synchronized void forget(String group) throws IOException {
    Map<String, LastKnown> known = new HashMap<>(written);
    known.remove(group);
    write(known);
  }

  /**
   * Writes it down for good.
   *
   * @param applied by the names of groups
   */
  synchronized void end(Map<String, Long> applied) throws IOException {
    write(known(applied));
  }

  private Map<String, LastKnown> known(Map<String, Long> applied) throws IOException {
    Map<String, LastKnown> known = new HashMap<>();
    for (Map.Entry<String, LastKnown> before : written.entrySet()) {
      if (Files.exists(folder.resolve(before.getKey()))) {
        known.put(before.getKey(), before.getValue());
      }
    }
    for (Map.Entry<String, Long> one : applied.entrySet()) {
      Path group = folder.resolve(one.getKey());
      if (Files.exists(group)) {
        LastKnown before = known.get(one.getKey());
        long index = before == null ? one.getValue() : Math.max(one.getValue(), before.applied());
        look(group, index, before).ifPresent(now -> known.put(one.getKey(), now));
      }
    }
    return known;
  }

  /** None where it cannot be read: what was noted before stays, and the others get theirs. */
  private Optional<LastKnown> look(Path group, long applied, @Nullable LastKnown before) {
    try {
      LastKnown now = LastKnown.of(group, applied);
      if (now.hasOtherFiles(before)) {
        // Ratis renames, and syncs no folder: what is noted must not be lost with the power.
        LastingFiles.syncNames(group.resolve(GroupFiles.CURRENT));
      }
      unreadable.remove(group);
      return Optional.of(now);
    } catch (IOException e) {
      if (unreadable.add(group)) { // it is tried again every second
        log.error("cannot note what is known of {}: {}", group, e.toString());
      }
      return Optional.empty();
    }
  }

  private void write(Map<String, LastKnown> known) throws IOException {
    if (!known.equals(written)) {
      LastKnown.write(folder, known);
      written = known;
    }
    writtenAt = System.nanoTime();
  }
}
