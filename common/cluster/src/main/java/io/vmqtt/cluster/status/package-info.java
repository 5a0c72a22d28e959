/** What a process says of itself, for people and for the registry. */
@NullMarked
package io.vmqtt.cluster.status;

import org.jspecify.annotations.NullMarked;
