package io.vmqtt.store.config;

import static io.vmqtt.cluster.process.Bounds.asInt;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.vmqtt.store.session.QueueLimits;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an operator can set for a store, as properties {@code vmqtt.store.*}; see {@code
 * docs/configuration.md}. What each one means stands at {@link StoreConfig}; sizes are in bytes.
 *
 * @param name what the store keeps when it loses its disk; without it, where it serves gRPC
 * @param raftHost without it, where the others reach this process
 * @param threads without it, half as many as there are processors
 */
@ConfigurationProperties("vmqtt.store")
public record StoreOptions(
    @Bindable(defaultValue = "data/store") Path data,
    @Nullable String name,
    @Nullable String raftHost,
    @Bindable(defaultValue = "0") int raftPort,
    @Nullable Integer threads,
    @Bindable(defaultValue = "100000") int queueMaxMessages,
    @Bindable(defaultValue = "67108864") long queueMaxBytes,
    @Bindable(defaultValue = "DROP_OLDEST") QueueLimits.Overflow queueOverflow,
    @Bindable(defaultValue = "0s") Duration maxSessionExpiry,
    @Bindable(defaultValue = "3s") Duration failureDetection,
    @Bindable(defaultValue = "10s") Duration restartGrace,
    @Bindable(defaultValue = "1d") Duration keyRetention,
    @Bindable(defaultValue = "1024") int entryCommands,
    @Bindable(defaultValue = "1048576") long entryBytes,
    @Bindable(defaultValue = "2097152") long maxCommandBytes,
    @Bindable(defaultValue = "4") int entriesInFlight,
    @Bindable(defaultValue = "16384") int pendingCommands,
    @Bindable(defaultValue = "500ms") Duration electionTimeoutMin,
    @Bindable(defaultValue = "1s") Duration electionTimeoutMax,
    @Bindable(defaultValue = "4194304") long segmentBytes,
    @Bindable(defaultValue = "20000") long snapshotEntries,
    @Bindable(defaultValue = "67108864") long snapshotBytes,
    @Bindable(defaultValue = "67108864") long blockCacheBytes,
    @Bindable(defaultValue = "67108864") long writeBufferBytes,
    @Bindable(defaultValue = "268435456") long minFreeDiskBytes) {

  /**
   * As the store takes it.
   *
   * @param advertisedHost where the others reach this process
   */
  public StoreConfig toConfig(String advertisedHost) {
    return new StoreConfig(
        data,
        raftHost == null ? advertisedHost : raftHost,
        raftPort,
        threads == null ? StoreConfig.defaults(data).threads() : threads,
        queueMaxMessages,
        queueMaxBytes,
        queueOverflow,
        maxSessionExpiry,
        failureDetection,
        restartGrace,
        keyRetention,
        entryCommands,
        asInt(entryBytes),
        asInt(maxCommandBytes),
        entriesInFlight,
        pendingCommands,
        electionTimeoutMin,
        electionTimeoutMax,
        asInt(segmentBytes),
        snapshotEntries,
        snapshotBytes,
        blockCacheBytes,
        writeBufferBytes,
        minFreeDiskBytes);
  }
}
