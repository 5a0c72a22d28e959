/** The cluster on one thread, with simulated time, network and log. */
@NullMarked
package io.vmqtt.simulation;

import org.jspecify.annotations.NullMarked;
