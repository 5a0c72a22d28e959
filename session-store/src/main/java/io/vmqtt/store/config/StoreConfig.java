package io.vmqtt.store.config;

import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.store.session.QueueLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What is set for a store, in groups. {@link StoreOptions} has the bounds and the defaults.
 *
 * @param threads threads that own the shards
 */
public record StoreConfig(
    Disk disk,
    int threads,
    Raft raft,
    Log log,
    Entries entries,
    Queue queue,
    Patience patience,
    Memory memory) {

  public StoreConfig {
    StoreOptions.THREADS.require(threads);
  }

  /**
   * Where everything lies that must survive a restart.
   *
   * @param data the folder
   * @param minFreeBytes with less room on the disk messages are refused
   * @param scrubRate so many bytes of complete files are read in a second, to see whether they are
   *     damaged; 0: none
   */
  public record Disk(Path data, long minFreeBytes, long scrubRate) {
    public Disk {
      StoreOptions.MIN_FREE_DISK_BYTES.require(minFreeBytes);
      StoreOptions.SCRUB_RATE.require(scrubRate);
    }
  }

  /**
   * How the replicas of a shard find their leader.
   *
   * @param host address at which Raft is served, and which other stores are told
   * @param port port of Raft; 0: any
   * @param electionTimeoutMin how long a replica waits for its leader, at least
   * @param electionTimeoutMax and at most
   */
  public record Raft(
      String host, int port, Duration electionTimeoutMin, Duration electionTimeoutMax) {
    public Raft {
      StoreOptions.RAFT_PORT.require(port);
      StoreOptions.ELECTION_TIMEOUT_MIN.require(electionTimeoutMin);
      StoreOptions.ELECTION_TIMEOUT_MAX.require(electionTimeoutMax);
      if (electionTimeoutMin.compareTo(electionTimeoutMax) >= 0) {
        throw new OptionException(
            StoreOptions.ELECTION_TIMEOUT_MIN.property()
                + " must be less than "
                + StoreOptions.ELECTION_TIMEOUT_MAX.property()
                + ", "
                + electionTimeoutMax.toMillis()
                + "ms");
      }
    }
  }

  /**
   * The log of a shard on disk.
   *
   * @param segmentBytes size of a file of it
   * @param snapshotEntries after so many entries the tables are flushed and the log is cut
   * @param snapshotBytes or after so many bytes of them
   * @param maxReplay or when it would take longer to apply them again
   */
  public record Log(int segmentBytes, int snapshotEntries, long snapshotBytes, Duration maxReplay) {
    public Log {
      StoreOptions.SEGMENT_BYTES.require((long) segmentBytes);
      StoreOptions.SNAPSHOT_ENTRIES.require(snapshotEntries);
      StoreOptions.SNAPSHOT_BYTES.require(snapshotBytes);
      StoreOptions.MAX_REPLAY.require(maxReplay);
    }
  }

  /**
   * How the commands of a shard get into its log.
   *
   * @param commands commands in one entry
   * @param bytes bytes of commands in one entry
   * @param maxCommandBytes a larger publish or request is refused; each shard has a buffer of that
   *     size
   * @param inFlight entries on their way at once
   * @param pendingCommands commands that wait for the log before links are held back
   */
  public record Entries(
      int commands, int bytes, int maxCommandBytes, int inFlight, int pendingCommands) {
    public Entries {
      StoreOptions.ENTRY_COMMANDS.require(commands);
      StoreOptions.ENTRY_BYTES.require((long) bytes);
      StoreOptions.MAX_COMMAND_BYTES.require((long) maxCommandBytes);
      StoreOptions.ENTRIES_IN_FLIGHT.require(inFlight);
      StoreOptions.PENDING_COMMANDS.require(pendingCommands);
    }
  }

  /**
   * The queue of a session.
   *
   * @param maxMessages messages in it
   * @param maxBytes bytes of messages in it
   * @param overflow what happens to messages beyond that
   */
  public record Queue(int maxMessages, long maxBytes, QueueLimits.Overflow overflow) {
    public Queue {
      StoreOptions.QUEUE_MAX_MESSAGES.require(maxMessages);
      StoreOptions.QUEUE_MAX_BYTES.require(maxBytes);
    }
  }

  /**
   * How long a store waits for those who are silent.
   *
   * @param maxSessionExpiry how long a session may outlive its connection at most; zero: no limit
   * @param failureDetection how long a gateway may be away before its attachments end
   * @param restartGrace how long gateways have after a start of the store to show up again
   * @param keyRetention how long a QoS 2 publish is remembered whose producer falls silent
   */
  public record Patience(
      Duration maxSessionExpiry,
      Duration failureDetection,
      Duration restartGrace,
      Duration keyRetention) {
    public Patience {
      StoreOptions.MAX_SESSION_EXPIRY.require(maxSessionExpiry);
      StoreOptions.FAILURE_DETECTION.require(failureDetection);
      StoreOptions.RESTART_GRACE.require(restartGrace);
      StoreOptions.KEY_RETENTION.require(keyRetention);
    }
  }

  /**
   * Memory of all shards together.
   *
   * @param blockCacheBytes for what was read from disk
   * @param writeBufferBytes for what is not flushed yet
   */
  public record Memory(long blockCacheBytes, long writeBufferBytes) {
    public Memory {
      StoreOptions.BLOCK_CACHE_BYTES.require(blockCacheBytes);
      StoreOptions.WRITE_BUFFER_BYTES.require(writeBufferBytes);
    }
  }

  /** What holds where nothing is set, for that folder, and any port for Raft. */
  public static StoreConfig defaults(Path data) {
    return StoreOptions.config(
        OptionValues.of(Map.of(StoreOptions.DATA, data.toString(), StoreOptions.RAFT_PORT, "0")),
        "127.0.0.1");
  }
}
