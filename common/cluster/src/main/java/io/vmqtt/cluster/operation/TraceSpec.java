package io.vmqtt.cluster.operation;

import org.jspecify.annotations.Nullable;

/**
 * What is to be written down of clients, for a time. Of client, filter and address there is one.
 *
 * @param id of the trace
 * @param namespace of clients; empty: the nameless one; null: any
 * @param client the client id; {@code *} in it stands for any characters
 * @param filter of topics: of the packets, PUBLISH alone
 * @param address where clients come from: an address, or a network
 * @param untilMillis when it ends: milliseconds of the epoch
 */
public record TraceSpec(
    String id,
    @Nullable String namespace,
    @Nullable String client,
    @Nullable String filter,
    @Nullable String address,
    long untilMillis) {
  /** It is over by itself after so long. */
  public static final int MOST_SECONDS = 3_600;
}
