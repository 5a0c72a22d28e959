package io.vmqtt.cluster.operation;

/** What every process can be asked, whatever its role. */
public final class NodeOperations {
  /** What holds for its options. */
  public static final Operation<Nothing, NodeConfiguration> CONFIGURATION =
      new Operation<>("configuration", Nothing.class, NodeConfiguration.class);

  /** Has something else hold for some of them, until it ends. */
  public static final Operation<OptionChange, NodeConfiguration> SET_CONFIGURATION =
      new Operation<>("set-configuration", OptionChange.class, NodeConfiguration.class);

  /** What it logs. */
  public static final Operation<Nothing, LogLevels> LOG_LEVELS =
      new Operation<>("log-levels", Nothing.class, LogLevels.class);

  /** Has it log something else, until it ends. */
  public static final Operation<LogLevelChange, LogLevels> SET_LOG_LEVELS =
      new Operation<>("set-log-levels", LogLevelChange.class, LogLevels.class);

  /** What its threads do, the virtual ones among them. */
  public static final Download<Nothing> THREAD_DUMP =
      new Download<>("thread-dump", Nothing.class, "text/plain", ".txt");

  /** What it has in memory: messages and passwords among that. */
  public static final Download<Download.HeapDump> HEAP_DUMP =
      new Download<>("heap-dump", Download.HeapDump.class, "application/octet-stream", ".hprof");

  /** What it does for a while, as JDK Flight Recorder writes it down. */
  public static final Download<Download.Recording> FLIGHT_RECORDING =
      new Download<>(
          "flight-recording", Download.Recording.class, "application/octet-stream", ".jfr");

  /** What whoever has to help wants to know first, in one file. */
  public static final Download<Nothing> DIAGNOSTICS =
      new Download<>("diagnostics", Nothing.class, "application/zip", ".zip");

  private NodeOperations() {}
}
