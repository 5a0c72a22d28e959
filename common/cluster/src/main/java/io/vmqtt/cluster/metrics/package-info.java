/** Meters that cost little where something happens with every message. */
@NullMarked
package io.vmqtt.cluster.metrics;

import org.jspecify.annotations.NullMarked;
