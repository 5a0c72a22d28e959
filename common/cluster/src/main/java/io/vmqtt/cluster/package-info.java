/** How a process finds the others of its cluster and talks to them. */
@NullMarked
package io.vmqtt.cluster;

import org.jspecify.annotations.NullMarked;
