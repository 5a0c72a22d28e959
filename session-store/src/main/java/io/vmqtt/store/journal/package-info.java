/** One log for all shards of a store that has no replicas; shards write to it together. */
@NullMarked
package io.vmqtt.store.journal;

import org.jspecify.annotations.NullMarked;
