/** Commands, messages and records of a shard in protobuf. */
@NullMarked
package io.vmqtt.store.wire;

import org.jspecify.annotations.NullMarked;
