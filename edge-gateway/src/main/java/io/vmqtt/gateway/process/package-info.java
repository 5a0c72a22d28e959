/** The gateway as a process of a cluster. */
@NullMarked
package io.vmqtt.gateway.process;

import org.jspecify.annotations.NullMarked;
