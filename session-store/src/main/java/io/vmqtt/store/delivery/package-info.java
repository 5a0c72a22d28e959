/** Windows and pushes: what a shard's leader keeps of the connections that it delivers to. Pure. */
@NullMarked
package io.vmqtt.store.delivery;

import org.jspecify.annotations.NullMarked;
