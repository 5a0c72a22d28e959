/**
 * Shards as Raft groups: log entries, leadership, and what a leader does for routers. One thread
 * owns a shard.
 */
@NullMarked
package io.vmqtt.store.shard;

import org.jspecify.annotations.NullMarked;
