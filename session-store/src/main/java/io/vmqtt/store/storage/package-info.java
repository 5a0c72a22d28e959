/** A shard's state on disk: RocksDB. */
@NullMarked
package io.vmqtt.store.storage;

import org.jspecify.annotations.NullMarked;
