/** The edge gateway: holds the connections of MQTT clients and speaks their protocol. */
@NullMarked
package io.vmqtt.gateway;

import org.jspecify.annotations.NullMarked;
