package io.vmqtt.store.config;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionGroup;
import io.vmqtt.cluster.option.OptionType;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.store.session.QueueLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What an operator can set for a store. */
public final class StoreOptions {
  private static final OptionGroup GROUP = new OptionGroup("vmqtt.store.");
  private static final Duration SHORTEST_TIME = Duration.ofMillis(100);
  private static final Duration LONGEST_TIME = Duration.ofHours(1);

  /**
   * A leader that is cut off must step down before routers that follow it are no longer waited for.
   */
  private static final Duration LONGEST_ELECTION_TIMEOUT = Duration.ofSeconds(3);

  private static final OptionType<Duration> ELECTION_TIMEOUT =
      OptionType.time(SHORTEST_TIME, LONGEST_ELECTION_TIMEOUT);
  private static final OptionType<Long> BYTES = OptionType.bytes(1);
  private static final OptionType<Long> BYTES_OF_A_BUFFER = OptionType.bytes(1, 1 << 30);

  public static final Option<Path> DATA =
      GROUP.option(
          "data",
          OptionType.path("DIR"),
          "data/store",
          "Folder of everything that must survive a restart");
  public static final Option<Long> MIN_FREE_DISK_BYTES =
      GROUP.option(
          "min-free-disk-bytes",
          BYTES,
          "256M",
          "With less room on the disk, messages that would be stored are refused");
  public static final Option<Long> SCRUB_RATE =
      GROUP.option(
          "scrub-rate",
          OptionType.bytes(0),
          "4M",
          "Bytes of complete files that are read in a second, to find those that are damaged; 0 for"
              + " none");
  public static final Option<String> NAME =
      GROUP
          .ofClusters()
          .derived(
              "name",
              OptionType.text("NAME"),
              "where it serves gRPC",
              "What the store keeps when it loses its disk");
  public static final Option<String> RAFT_HOST =
      GROUP
          .ofClusters()
          .derived(
              "raft-host",
              OptionType.text("ADDRESS"),
              "where the others reach this process",
              "Address to listen on for the other replicas, the same for the store's whole life");
  public static final Option<Integer> RAFT_PORT =
      GROUP
          .ofClusters()
          .option(
              "raft-port",
              OptionType.port(),
              "9193",
              "Port for the other replicas, the same for the store's whole life; 0 for any free"
                  + " one, where each shard has one replica");
  public static final Option<Duration> ELECTION_TIMEOUT_MIN =
      GROUP.option(
          "election-timeout-min",
          ELECTION_TIMEOUT,
          "500ms",
          "How long a replica waits for its leader, at least");
  public static final Option<Duration> ELECTION_TIMEOUT_MAX =
      GROUP.option(
          "election-timeout-max",
          ELECTION_TIMEOUT,
          "1s",
          "How long a replica waits for its leader, at most");
  public static final Option<Integer> THREADS =
      GROUP.derived(
          "threads",
          OptionType.count(1, 1024),
          "half the processors",
          "Threads that own the shards");
  static final Option<Integer> QUEUE_MAX_MESSAGES =
      GROUP.option(
          "queue-max-messages",
          OptionType.count(1),
          "100000",
          "Messages in the queue of a session");
  static final Option<Long> QUEUE_MAX_BYTES =
      GROUP.option("queue-max-bytes", BYTES, "64M", "Bytes of messages in the queue of a session");
  static final Option<QueueLimits.Overflow> QUEUE_OVERFLOW =
      GROUP.option(
          "queue-overflow",
          OptionType.choice(QueueLimits.Overflow.class),
          "DROP_OLDEST",
          "What happens to messages beyond that");
  public static final Option<Duration> MAX_SESSION_EXPIRY =
      GROUP.option(
          "max-session-expiry",
          OptionType.time(Duration.ZERO, Duration.ofDays(36_500)),
          "0s",
          "How long a session outlives its connection at most, in whole seconds; 0s for no limit");
  static final Option<Duration> FAILURE_DETECTION =
      GROUP.option(
          "failure-detection",
          OptionType.time(SHORTEST_TIME, LONGEST_TIME),
          "3s",
          "How long a gateway may be away before its attachments end");
  static final Option<Duration> RESTART_GRACE =
      GROUP.option(
          "restart-grace",
          OptionType.time(Duration.ZERO, LONGEST_TIME),
          "10s",
          "How long gateways have after the start of a store to show up again");
  static final Option<Duration> KEY_RETENTION =
      GROUP.option(
          "key-retention",
          OptionType.time(Duration.ofMinutes(1), Duration.ofDays(365)),
          "1d",
          "How long a QoS 2 publish is remembered whose publisher falls silent in the middle of it");
  static final Option<Integer> ENTRY_COMMANDS =
      GROUP.option("entry-commands", OptionType.count(1), "1024", "Commands in one log entry");
  static final Option<Long> ENTRY_BYTES =
      GROUP.option("entry-bytes", BYTES_OF_A_BUFFER, "1M", "Bytes of commands in one log entry");
  static final Option<Long> MAX_COMMAND_BYTES =
      GROUP.option(
          "max-command-bytes", BYTES_OF_A_BUFFER, "2M", "Largest publish or request that is taken");
  static final Option<Integer> ENTRIES_IN_FLIGHT =
      GROUP.option(
          "entries-in-flight",
          OptionType.count(1, 1024),
          "4",
          "Log entries of a shard on their way at once");
  static final Option<Integer> PENDING_COMMANDS =
      GROUP.option(
          "pending-commands",
          OptionType.count(1),
          "16384",
          "Commands of a shard that wait for its log before links are held back");
  public static final Option<Long> SEGMENT_BYTES =
      GROUP.option("segment-bytes", BYTES_OF_A_BUFFER, "4M", "Size of a file of a log");
  public static final Option<Integer> SNAPSHOT_ENTRIES =
      GROUP.option(
          "snapshot-entries",
          OptionType.count(1),
          "20000",
          "Log entries of a shard after which its tables are flushed and its log is cut");
  public static final Option<Long> SNAPSHOT_BYTES =
      GROUP.option("snapshot-bytes", BYTES, "64M", "Or after so many bytes of them");
  public static final Option<Duration> MAX_REPLAY =
      GROUP.option(
          "max-replay",
          OptionType.time(Duration.ofMillis(10), LONGEST_TIME),
          "5s",
          "Or, without replicas, when a start would take longer to apply them again, all shards"
              + " together");
  static final Option<Long> BLOCK_CACHE_BYTES =
      GROUP.option(
          "block-cache-bytes",
          BYTES,
          "64M",
          "Memory for what was read from disk, all shards together");
  static final Option<Long> WRITE_BUFFER_BYTES =
      GROUP.option(
          "write-buffer-bytes",
          BYTES,
          "64M",
          "Memory for what is not flushed yet, all shards together");

  private StoreOptions() {}

  /** All that a store can be told. */
  public static List<Option<?>> all() {
    return GROUP.all();
  }

  /**
   * As the store takes it.
   *
   * @param advertisedHost where the others reach this process
   */
  public static StoreConfig config(OptionValues values, String advertisedHost) {
    return new StoreConfig(
        new StoreConfig.Disk(
            values.get(DATA), values.get(MIN_FREE_DISK_BYTES), values.get(SCRUB_RATE)),
        values.find(THREADS).orElseGet(StoreOptions::halfTheProcessors),
        new StoreConfig.Raft(
            values.find(RAFT_HOST).orElse(advertisedHost),
            values.get(RAFT_PORT),
            values.get(ELECTION_TIMEOUT_MIN),
            values.get(ELECTION_TIMEOUT_MAX)),
        new StoreConfig.Log(
            values.get(SEGMENT_BYTES).intValue(),
            values.get(SNAPSHOT_ENTRIES),
            values.get(SNAPSHOT_BYTES),
            values.get(MAX_REPLAY)),
        new StoreConfig.Entries(
            values.get(ENTRY_COMMANDS),
            values.get(ENTRY_BYTES).intValue(),
            values.get(MAX_COMMAND_BYTES).intValue(),
            values.get(ENTRIES_IN_FLIGHT),
            values.get(PENDING_COMMANDS)),
        new StoreConfig.Queue(
            values.get(QUEUE_MAX_MESSAGES),
            values.get(QUEUE_MAX_BYTES),
            values.get(QUEUE_OVERFLOW)),
        new StoreConfig.Patience(
            values.get(MAX_SESSION_EXPIRY),
            values.get(FAILURE_DETECTION),
            values.get(RESTART_GRACE),
            values.get(KEY_RETENTION)),
        new StoreConfig.Memory(values.get(BLOCK_CACHE_BYTES), values.get(WRITE_BUFFER_BYTES)));
  }

  private static int halfTheProcessors() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }
}
