/** Which shards this process has, and what they share. */
@NullMarked
package io.vmqtt.store.host;

import org.jspecify.annotations.NullMarked;
