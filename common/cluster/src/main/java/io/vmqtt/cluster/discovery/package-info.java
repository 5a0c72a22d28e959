/** Which processes of the cluster live right now, by role. */
@NullMarked
package io.vmqtt.cluster.discovery;

import org.jspecify.annotations.NullMarked;
