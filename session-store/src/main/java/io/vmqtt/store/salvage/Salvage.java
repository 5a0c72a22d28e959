package io.vmqtt.store.salvage;

import com.google.protobuf.InvalidProtocolBufferException;
import io.vmqtt.proto.storage.v1.Entry;
import io.vmqtt.proto.storage.v1.LoggedCommand;
import io.vmqtt.proto.store.v1.ShardPublish;
import io.vmqtt.store.journal.JournalEntries;
import io.vmqtt.store.journal.JournalFolder;
import io.vmqtt.store.log.LoggedEntries;
import io.vmqtt.store.raft.GroupCheck;
import io.vmqtt.store.raft.LogEntries;
import io.vmqtt.store.storage.CheckpointFiles;
import io.vmqtt.store.storage.Damage;
import io.vmqtt.store.storage.DataFolder;
import io.vmqtt.store.storage.SalvagedTables;
import io.vmqtt.store.storage.TablesCheck;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the messages of a damaged folder into a file, as lines of JSON, and changes nothing in the
 * folder. A shard whose tables are good goes on, in a copy of them, by its log as far as that is
 * good; what is behind that in the log is given as it is. Of tables that are damaged is given what
 * can be read.
 */
public final class Salvage {
  private static final String NUMBER = "\\d{1,9}";
  private static final String OWNER_ALONE = "rw-------";

  private final Path data;
  private final JournalFolder journal;
  private final Path work;
  private final BufferedWriter out;
  private final List<String> losses = new ArrayList<>();
  private long retained;
  private long queued;
  private long logged;

  private Salvage(Path data, Path work, BufferedWriter out) {
    this.data = data;
    this.journal = JournalFolder.of(data);
    this.work = work;
    this.out = out;
  }

  /**
   * What was written.
   *
   * @param retained retained messages
   * @param queued messages in queues of sessions
   * @param logged messages of which only the log is left
   * @param losses what could not be read
   */
  public record Result(long retained, long queued, long logged, List<String> losses) {}

  /**
   * Reads a folder that nobody uses.
   *
   * @param to the file; must not be there. Beside it is room for a copy of the tables of a shard,
   *     in a folder that is deleted again
   */
  public static Result of(Path data, Path to) throws IOException {
    Path file = to.toAbsolutePath();
    if (file.startsWith(data.toAbsolutePath())) {
      throw new IOException(to + " is in the folder that must not be changed");
    }
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(to + " is there already");
    }
    Path work = file.resolveSibling(file.getFileName() + ".work");
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ALONE)));
    Files.createDirectory(work);
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardOpenOption.WRITE)) {
      return new Salvage(data, work, out).all();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      CheckpointFiles.delete(work);
    }
  }

  private Result all() throws IOException {
    Set<Integer> shards = new TreeSet<>(GroupCheck.of(data.resolve(DataFolder.LOGS)).shards());
    shards.addAll(JournalEntries.shards(journal));
    Path tables = data.resolve(DataFolder.SHARDS);
    if (Files.isDirectory(tables)) {
      try (Stream<Path> all = Files.list(tables)) {
        all.map(one -> one.getFileName().toString())
            .filter(name -> name.matches(NUMBER))
            .forEach(name -> shards.add(Integer.valueOf(name)));
      }
    }
    for (int shard : shards) {
      Path folder = tables.resolve(Integer.toString(shard));
      if (TablesCheck.of(folder, TablesCheck.Depth.EVERYTHING).damages().isEmpty()) {
        replay(shard, folder);
      } else {
        readTables(shard, folder);
      }
    }
    return new Result(retained, queued, logged, List.copyOf(losses));
  }

  private void replay(int shard, Path folder) throws IOException {
    Path copy = work.resolve(Integer.toString(shard));
    Files.createDirectory(copy);
    if (Files.isDirectory(folder)) {
      for (Path file : CheckpointFiles.list(folder)) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    try (ReplayedShard replayed = new ReplayedShard(shard, copy)) {
      readLog(
          shard,
          (term, index, content) -> {
            if (!replayed.takes(term, index, content)) {
              giveLogged(shard, index, content);
            }
          });
      losses.addAll(replayed.losses());
      replayed.retained(
          message -> {
            retained++;
            write(SalvagedLine.retained(shard, message));
          });
      replayed.queued(
          (session, clientId, sequence, qos, message) -> {
            queued++;
            write(SalvagedLine.queued(shard, session, clientId, sequence, qos, message));
          });
    }
    CheckpointFiles.delete(copy);
  }

  private void readTables(int shard, Path folder) throws IOException {
    try (SalvagedTables tables = SalvagedTables.open(folder)) {
      tables.retained(
          message -> {
            retained++;
            write(SalvagedLine.retained(shard, message));
          });
      tables.queued(
          (session, clientId, sequence, qos, message) -> {
            queued++;
            write(
                SalvagedLine.queued(
                    shard, session, clientId == null ? "" : clientId, sequence, qos, message));
          });
      long applied = tables.applied();
      losses.addAll(tables.losses());
      readLog(
          shard,
          (term, index, content) -> {
            if (index > applied) {
              giveLogged(shard, index, content);
            }
          });
    }
  }

  private void readLog(int shard, LoggedEntries reader) throws IOException {
    List<Damage> damages =
        journal.isUsed()
            ? JournalEntries.read(journal, shard, reader)
            : LogEntries.read(data.resolve(DataFolder.LOGS), shard, reader);
    for (Damage damage : damages) {
      if (!losses.contains(damage.toString())) { // a journal is that of all shards
        losses.add(damage.toString());
      }
    }
  }

  private void giveLogged(int shard, long index, @Nullable ByteBuffer content) {
    if (content == null) {
      return;
    }
    try {
      for (LoggedCommand command : Entry.parseFrom(content).getCommandsList()) {
        ShardPublish publish = command.getPublish();
        if (command.hasPublish() && (publish.getDeliver() || publish.getRetain())) {
          logged++;
          write(SalvagedLine.logged(shard, index, publish.getMessage()));
        }
      }
    } catch (InvalidProtocolBufferException e) {
      losses.add("shard " + shard + ": entry " + index + " of its log: " + e.getMessage());
    }
  }

  private void write(SalvagedLine line) {
    try {
      out.write(line.toString());
      out.newLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
