/** MQTT clients that others wrote, seen alike, recording what they receive. */
@NullMarked
package io.vmqtt.testkit.client;

import org.jspecify.annotations.NullMarked;
