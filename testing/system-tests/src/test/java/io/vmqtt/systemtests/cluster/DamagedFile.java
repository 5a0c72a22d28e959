package io.vmqtt.systemtests.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A file of a store that does not run, after something has happened to it.
 *
 * @param mayBeDoneWithout whether a store may start all the same: it makes another of it, or goes
 *     on as if it had never been written
 */
record DamagedFile(Path file, boolean mayBeDoneWithout) {
  private static final int SECTOR_BYTES = 512;

  /** A part of a store's data. */
  private enum Part {
    CLOSED_LOG("raft/[-0-9a-f]{36}/current/log_\\d+-\\d+"),
    OPEN_LOG("raft/[-0-9a-f]{36}/current/log_inprogress_\\d+"),
    VOTE("raft/[-0-9a-f]{36}/current/raft-meta"),
    MEMBERS("raft/[-0-9a-f]{36}/current/raft-meta\\.conf"),
    TABLES("shards/\\d+/\\d+\\.sst"),
    LIST_OF_TABLES("shards/\\d+/MANIFEST-\\d+"),
    CHECKPOINT("raft/[-0-9a-f]{36}/sm/\\d+_\\d+/\\d+\\.sst"),
    STORE_ID("node-id"),
    SHARD_MAP("shard-map\\.json");

    private final String pattern;

    Part(String pattern) {
      this.pattern = pattern;
    }

    /** Those that are there and not empty, in the order of their names. */
    private List<Path> in(Path data) {
      try (Stream<Path> all = Files.walk(data)) {
        return all.filter(path -> data.relativize(path).toString().matches(pattern))
            .filter(path -> written(path).length > 0)
            .sorted()
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /**
     * Of an entry at the end of the log nobody may know that it was whole; without a vote a replica
     * goes on in a later term; members, and a list of tables, may be those of an earlier moment.
     */
    private boolean mayBeDoneWithout() {
      return switch (this) {
        case OPEN_LOG, VOTE, MEMBERS, LIST_OF_TABLES -> true;
        case CLOSED_LOG, TABLES, CHECKPOINT, STORE_ID, SHARD_MAP -> false;
      };
    }
  }

  /** Does it to a file of one of its parts, drawn among those that there are. */
  static DamagedFile in(Path data, Fault harm, Random dice) {
    List<Part> parts = Stream.of(Part.values()).filter(part -> !part.in(data).isEmpty()).toList();
    Part part = parts.get(dice.nextInt(parts.size()));
    List<Path> files = part.in(data);
    Path file = files.get(dice.nextInt(files.size()));
    byte[] written = written(file);
    int at = dice.nextInt(written.length);
    try {
      byte[] bytes = Files.readAllBytes(file);
      switch (harm) {
        case BIT_FLIP -> bytes[at] ^= (byte) (1 << dice.nextInt(Byte.SIZE));
        case TRUNCATE -> bytes = Arrays.copyOf(bytes, at / 2);
        case TORN_WRITE -> {
          // It has not got to the disk, and what was there before is not there either.
          while (bytes[at] == 0) {
            at--; // of a file that begins with something
          }
          int from = at / SECTOR_BYTES * SECTOR_BYTES;
          Arrays.fill(bytes, from, Math.min(from + SECTOR_BYTES, bytes.length), (byte) 0);
        }
        default -> throw new IllegalArgumentException(harm + " damages no file");
      }
      Files.write(file, bytes);
      return new DamagedFile(file, part.mayBeDoneWithout());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without the zeros that a log has at its end. */
  private static byte[] written(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      int length = bytes.length;
      while (length > 0 && bytes[length - 1] == 0) {
        length--;
      }
      return Arrays.copyOf(bytes, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Whether a line says that it, or the folder that it is in, is damaged. A table and those of
   * checkpoints with the same name are one file.
   */
  boolean isNamedIn(String line) {
    return line.contains("is damaged: ")
        && (line.contains("/" + file.getFileName() + ": ")
            || line.contains(file.getParent() + ": "));
  }
}
