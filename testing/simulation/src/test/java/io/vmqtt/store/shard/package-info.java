/** What lets a simulation play the log of a shard. */
@NullMarked
package io.vmqtt.store.shard;

import org.jspecify.annotations.NullMarked;
