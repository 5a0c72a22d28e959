/** MQTT over QUIC: sockets, connections, and the streams of each that carry MQTT. */
@NullMarked
package io.vmqtt.gateway.quic;

import org.jspecify.annotations.NullMarked;
