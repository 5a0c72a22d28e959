/** All roles of V-MQTT in one process. */
@NullMarked
package io.vmqtt.standalone;

import org.jspecify.annotations.NullMarked;
