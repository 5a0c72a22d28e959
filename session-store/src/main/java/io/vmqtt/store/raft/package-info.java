/** Shards' logs as Raft groups, by Ratis. Nobody else knows it. */
@NullMarked
package io.vmqtt.store.raft;

import org.jspecify.annotations.NullMarked;
