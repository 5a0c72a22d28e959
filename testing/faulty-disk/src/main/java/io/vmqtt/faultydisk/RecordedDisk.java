package io.vmqtt.faultydisk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder whose processes are recorded, so that the power of its disk can fail: what was not
 * synced, files and names, is gone then.
 */
public final class RecordedDisk {
  private final Path folder;
  private final Path record;
  private final Path before;

  /**
   * @param folder what processes write; whatever is in there by now is safe
   * @param notes where the record goes; outside of it
   */
  public RecordedDisk(Path folder, Path notes) {
    this.folder = folder.toAbsolutePath().normalize();
    this.record = notes.resolve(folder.getFileName() + ".record");
    this.before = notes.resolve(folder.getFileName() + ".before");
    try {
      Files.createDirectories(notes);
      begin();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether this machine can record: Linux, with a C compiler. */
  public static boolean isPossible() {
    return Recorder.isPossible();
  }

  private void begin() throws IOException {
    Files.deleteIfExists(record);
    delete(before);
    if (Files.exists(folder)) {
      copy(folder, before);
    }
  }

  /** Whatever happened to the folder: as it is, it is safe, and what follows counts. */
  public void replaced() {
    try {
      begin();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The environment of a process that is to be recorded. */
  public Map<String, String> environment() {
    return new HashMap<>(
        Map.of(
            "LD_PRELOAD", Recorder.library().toString(),
            "VMQTT_DISK_FOLDER", folder.toString(),
            "VMQTT_DISK_RECORD", record.toString()));
  }

  /**
   * That of a process which forgets to sync the files whose path contains a text, or ends with what
   * stands before a dollar sign.
   */
  public Map<String, String> forgetful(String text) {
    Map<String, String> environment = environment();
    environment.put("VMQTT_DISK_LIES", text);
    return environment;
  }

  /**
   * Makes one call of the process fail.
   *
   * @param turn which one from now on, 1 for the next
   * @param text what the path of the file contains
   */
  public void fail(DiskCall call, DiskProblem problem, int turn, String text) {
    try {
      Path draft = record.resolveSibling(record.getFileName() + ".fault.new");
      Files.writeString(
          draft, String.join(" ", call.word(), problem.number(), String.valueOf(turn), text));
      Files.move(draft, fault(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the call that was to fail has failed. */
  public boolean hasFailed() {
    return !Files.exists(fault());
  }

  private Path fault() {
    return record.resolveSibling(record.getFileName() + ".fault");
  }

  /**
   * The power was off: its processes have been killed, and the folder has what the disk has.
   *
   * @param luck what becomes of that which was never synced
   */
  public void powerOff(Luck luck) {
    try {
      if (Files.exists(record)) {
        Disk disk = new Disk(folder, Files.exists(before) ? before : null);
        DiskRecord.read(record, disk::happened);
        Path draft = before.resolveSibling(folder.getFileName() + ".draft");
        delete(draft);
        disk.write(draft, record, luck);
        delete(folder);
        copy(draft, folder);
        delete(draft);
      }
      begin();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes what the disk would have if the power had failed earlier; the folder stays as it is.
   *
   * @param target where to; nothing is there
   * @param deeds how many of those on record happened before
   * @param luck what becomes of that which was not synced by then
   */
  public void powerOffAt(long deeds, Luck luck, Path target) throws IOException {
    Disk disk = new Disk(folder, Files.exists(before) ? before : null);
    long[] read = {0};
    DiskRecord.read(
        record,
        deed -> {
          if (read[0]++ < deeds) {
            disk.happened(deed);
          }
        });
    disk.write(target, record, luck);
  }

  /**
   * The deeds by which a file, or a folder, got a name or lost one, by their places on record.
   *
   * @param text what the name contains, with its folder
   */
  public List<Long> namings(String text) throws IOException {
    List<Long> places = new ArrayList<>();
    long[] read = {0};
    DiskRecord.read(
        record,
        deed -> {
          read[0]++;
          boolean isNaming =
              switch (deed.what()) {
                case CREATED, MADE_FOLDER, REMOVED, RENAMED, LINKED -> true;
                case OPENED,
                    WRITTEN,
                    TRUNCATED,
                    GROWN,
                    SYNC_BEGUN,
                    SYNC_ENDED,
                    SYNC_FAILED,
                    MAPPED ->
                    false;
              };
          if (isNaming && (deed.name().contains(text) || deed.other().contains(text))) {
            places.add(read[0]);
          }
        });
    return places;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
