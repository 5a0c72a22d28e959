/** MQTT over QUIC: sockets, connections, and the one stream of each that carries MQTT. */
@NullMarked
package io.vmqtt.gateway.quic;

import org.jspecify.annotations.NullMarked;
