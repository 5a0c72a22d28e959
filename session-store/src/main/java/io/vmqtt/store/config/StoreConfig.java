package io.vmqtt.store.config;

import io.vmqtt.cluster.process.Bounds;
import io.vmqtt.cluster.process.OptionException;
import io.vmqtt.store.session.QueueLimits;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What an operator can set of a store; see {@code docs/configuration.md}.
 *
 * @param data folder of everything that must survive a restart
 * @param raftHost address at which Raft is served, and which other stores are told
 * @param raftPort port of Raft; 0: any
 * @param threads threads that own the shards
 * @param queueMaxMessages messages in a session's queue
 * @param queueMaxBytes bytes of messages in a session's queue
 * @param queueOverflow what happens to messages beyond that
 * @param maxSessionExpiry how long a session may outlive its connection at most; zero: no limit
 * @param failureDetection how long a gateway may be away before its attachments end
 * @param restartGrace how long gateways have after a start of the store to show up again
 * @param keyRetention how long a QoS 2 publish is remembered whose producer falls silent
 * @param entryCommands commands in one log entry
 * @param entryBytes bytes of commands in one log entry
 * @param maxCommandBytes a larger publish or request is refused; each shard has a buffer of that
 *     size
 * @param entriesInFlight log entries of a shard on their way at once
 * @param pendingCommands commands of a shard that wait for the log before links are held back
 * @param electionTimeoutMin how long a replica waits for its leader, at least
 * @param electionTimeoutMax and at most
 * @param segmentBytes size of a file of a log
 * @param snapshotEntries log entries of a shard after which its tables are flushed and its log is
 *     cut
 * @param snapshotBytes or after so many bytes of them
 * @param blockCacheBytes memory for what was read from disk, all shards together
 * @param writeBufferBytes memory for what is not flushed yet, all shards together
 * @param minFreeDiskBytes with less room on the disk messages are refused
 */
public record StoreConfig(
    Path data,
    String raftHost,
    int raftPort,
    int threads,
    int queueMaxMessages,
    long queueMaxBytes,
    QueueLimits.Overflow queueOverflow,
    Duration maxSessionExpiry,
    Duration failureDetection,
    Duration restartGrace,
    Duration keyRetention,
    int entryCommands,
    int entryBytes,
    int maxCommandBytes,
    int entriesInFlight,
    int pendingCommands,
    Duration electionTimeoutMin,
    Duration electionTimeoutMax,
    int segmentBytes,
    long snapshotEntries,
    long snapshotBytes,
    long blockCacheBytes,
    long writeBufferBytes,
    long minFreeDiskBytes) {

  private static final String PREFIX = "vmqtt.store.";
  private static final int MOST_BYTES = 1 << 30;
  private static final Duration SHORTEST_TIME = Duration.ofMillis(100);
  private static final Duration LONGEST_ELECTION_TIMEOUT = Duration.ofSeconds(3);

  public StoreConfig {
    within("raft-port", raftPort, 0, 65_535);
    within("threads", threads, 1, 1024);
    atLeastOne("queue-max-messages", queueMaxMessages);
    atLeastOne("queue-max-bytes", queueMaxBytes);
    within("max-session-expiry", maxSessionExpiry, Duration.ZERO, Duration.ofDays(36_500));
    within("failure-detection", failureDetection, SHORTEST_TIME, Duration.ofHours(1));
    within("restart-grace", restartGrace, Duration.ZERO, Duration.ofHours(1));
    within("key-retention", keyRetention, Duration.ofMinutes(1), Duration.ofDays(365));
    atLeastOne("entry-commands", entryCommands);
    within("entry-bytes", entryBytes, 1, MOST_BYTES);
    within("max-command-bytes", maxCommandBytes, 1, MOST_BYTES);
    within("entries-in-flight", entriesInFlight, 1, 1024);
    atLeastOne("pending-commands", pendingCommands);
    atLeastOne("snapshot-entries", snapshotEntries);
    atLeastOne("snapshot-bytes", snapshotBytes);
    within("segment-bytes", segmentBytes, 1, MOST_BYTES);
    atLeastOne("block-cache-bytes", blockCacheBytes);
    atLeastOne("write-buffer-bytes", writeBufferBytes);
    atLeastOne("min-free-disk-bytes", minFreeDiskBytes);
    within("election-timeout-min", electionTimeoutMin, SHORTEST_TIME, LONGEST_ELECTION_TIMEOUT);
    // A leader that is cut off must step down before routers that follow it are no longer waited
    // for.
    within("election-timeout-max", electionTimeoutMax, SHORTEST_TIME, LONGEST_ELECTION_TIMEOUT);
    if (electionTimeoutMin.compareTo(electionTimeoutMax) >= 0) {
      throw new OptionException(
          PREFIX
              + "election-timeout-min must be less than "
              + PREFIX
              + "election-timeout-max, "
              + electionTimeoutMax.toMillis()
              + "ms");
    }
  }

  /** The defaults, for that folder. */
  public static StoreConfig defaults(Path data) {
    return new StoreConfig(
        data,
        "127.0.0.1",
        0,
        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
        100_000,
        64L << 20,
        QueueLimits.Overflow.DROP_OLDEST,
        Duration.ZERO,
        Duration.ofSeconds(3),
        Duration.ofSeconds(10),
        Duration.ofDays(1),
        1024,
        1 << 20,
        2 << 20,
        4,
        16_384,
        Duration.ofMillis(500),
        Duration.ofMillis(1000),
        4 << 20,
        20_000,
        64L << 20,
        64L << 20,
        64L << 20,
        256L << 20);
  }

  /** The same, at a port, with a log that is cut after so many entries, in files so large. */
  public StoreConfig with(int newRaftPort, long newSnapshotEntries, int newSegmentBytes) {
    return new StoreConfig(
        data,
        raftHost,
        newRaftPort,
        threads,
        queueMaxMessages,
        queueMaxBytes,
        queueOverflow,
        maxSessionExpiry,
        failureDetection,
        restartGrace,
        keyRetention,
        entryCommands,
        entryBytes,
        maxCommandBytes,
        entriesInFlight,
        pendingCommands,
        electionTimeoutMin,
        electionTimeoutMax,
        newSegmentBytes,
        newSnapshotEntries,
        snapshotBytes,
        blockCacheBytes,
        writeBufferBytes,
        minFreeDiskBytes);
  }

  /** The same, with another bound for the room on the disk. */
  public StoreConfig withMinFreeDiskBytes(long newMinFreeDiskBytes) {
    return new StoreConfig(
        data,
        raftHost,
        raftPort,
        threads,
        queueMaxMessages,
        queueMaxBytes,
        queueOverflow,
        maxSessionExpiry,
        failureDetection,
        restartGrace,
        keyRetention,
        entryCommands,
        entryBytes,
        maxCommandBytes,
        entriesInFlight,
        pendingCommands,
        electionTimeoutMin,
        electionTimeoutMax,
        segmentBytes,
        snapshotEntries,
        snapshotBytes,
        blockCacheBytes,
        writeBufferBytes,
        newMinFreeDiskBytes);
  }

  /** The same, with a limit for what outlives a connection. */
  public StoreConfig withMaxSessionExpiry(Duration newMaxSessionExpiry) {
    return new StoreConfig(
        data,
        raftHost,
        raftPort,
        threads,
        queueMaxMessages,
        queueMaxBytes,
        queueOverflow,
        newMaxSessionExpiry,
        failureDetection,
        restartGrace,
        keyRetention,
        entryCommands,
        entryBytes,
        maxCommandBytes,
        entriesInFlight,
        pendingCommands,
        electionTimeoutMin,
        electionTimeoutMax,
        segmentBytes,
        snapshotEntries,
        snapshotBytes,
        blockCacheBytes,
        writeBufferBytes,
        minFreeDiskBytes);
  }

  private static void within(String option, int value, int least, int most) {
    Bounds.within(PREFIX + option, value, least, most);
  }

  private static void within(String option, Duration value, Duration least, Duration most) {
    Bounds.within(PREFIX + option, value, least, most);
  }

  private static void atLeastOne(String option, long value) {
    Bounds.atLeast(PREFIX + option, value, 1);
  }
}
