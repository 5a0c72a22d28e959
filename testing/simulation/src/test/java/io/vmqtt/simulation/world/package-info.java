/** What processes run on: time, threads, a network, and whoever knows them. */
@NullMarked
package io.vmqtt.simulation.world;

import org.jspecify.annotations.NullMarked;
