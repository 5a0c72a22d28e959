/** Clients of the cluster. */
@NullMarked
package io.vmqtt.simulation.client;

import org.jspecify.annotations.NullMarked;
