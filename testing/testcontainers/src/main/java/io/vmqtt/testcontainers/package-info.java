/** V-MQTT in a container, for tests. */
@NullMarked
package io.vmqtt.testcontainers;

import org.jspecify.annotations.NullMarked;
