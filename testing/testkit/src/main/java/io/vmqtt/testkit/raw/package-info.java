/** MQTT byte by byte, for packets that no client library would send. */
@NullMarked
package io.vmqtt.testkit.raw;

import org.jspecify.annotations.NullMarked;
