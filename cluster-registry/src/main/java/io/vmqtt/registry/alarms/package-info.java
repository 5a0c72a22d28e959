/** The alarms of the whole cluster, and who is told of them. */
@NullMarked
package io.vmqtt.registry.alarms;

import org.jspecify.annotations.NullMarked;
