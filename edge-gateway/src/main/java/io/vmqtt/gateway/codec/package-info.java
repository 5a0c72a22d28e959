/** The form of packets: the one place that knows how MQTT looks as bytes. */
@NullMarked
package io.vmqtt.gateway.codec;

import org.jspecify.annotations.NullMarked;
