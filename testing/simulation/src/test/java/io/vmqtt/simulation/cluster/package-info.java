/** The processes of a cluster: the real roles, and a log that is not Ratis. */
@NullMarked
package io.vmqtt.simulation.cluster;

import org.jspecify.annotations.NullMarked;
