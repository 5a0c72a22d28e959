/** What is wrong and wants somebody: alarms, raised and cleared. */
@NullMarked
package io.vmqtt.cluster.alarms;

import org.jspecify.annotations.NullMarked;
