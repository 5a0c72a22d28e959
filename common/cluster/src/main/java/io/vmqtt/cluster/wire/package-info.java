/** The links of this cluster on the wire: their batches, and the channels that carry them. */
@NullMarked
package io.vmqtt.cluster.wire;

import org.jspecify.annotations.NullMarked;
