/**
 * A replica of a shard: what it takes in, the entries that it writes to its log, and what it makes
 * of those that come back. One thread owns a shard.
 */
@NullMarked
package io.vmqtt.store.shard;

import org.jspecify.annotations.NullMarked;
