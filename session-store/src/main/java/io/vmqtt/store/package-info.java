/** The session store: keeps persistent sessions and retained messages in replicated shards. */
@NullMarked
package io.vmqtt.store;

import org.jspecify.annotations.NullMarked;
