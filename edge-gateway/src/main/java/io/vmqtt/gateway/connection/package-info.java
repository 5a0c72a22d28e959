/** One client connection: the rules of MQTT, without a network, a thread or a clock. */
@NullMarked
package io.vmqtt.gateway.connection;

import org.jspecify.annotations.NullMarked;
