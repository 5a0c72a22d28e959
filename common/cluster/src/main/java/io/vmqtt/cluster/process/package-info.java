/** The process around a node of any role: how it is configured, starts and stops. */
@NullMarked
package io.vmqtt.cluster.process;

import org.jspecify.annotations.NullMarked;
