package io.vmqtt.store.raft;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How Raft runs in this process.
 *
 * @param nodeId the store's id, which names it among the replicas
 * @param folder where logs lie
 * @param host address to serve Raft at
 * @param port port to serve Raft at; 0: any
 * @param electionTimeoutMin a follower waits at least so long for its leader
 * @param electionTimeoutMax and at most so long
 * @param segmentBytes size of a file of a log
 * @param snapshotEntries after so many entries the tables are flushed and the log is cut
 * @param snapshotBytes or after so many bytes of them
 * @param maxEntryBytes no entry has more; each shard has a buffer of that size
 */
public record RaftOptions(
    String nodeId,
    Path folder,
    String host,
    int port,
    Duration electionTimeoutMin,
    Duration electionTimeoutMax,
    int segmentBytes,
    long snapshotEntries,
    long snapshotBytes,
    int maxEntryBytes) {}
