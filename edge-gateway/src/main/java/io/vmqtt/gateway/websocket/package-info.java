/** MQTT in WebSockets: the handshake in HTTP, and frames. */
@NullMarked
package io.vmqtt.gateway.websocket;

import org.jspecify.annotations.NullMarked;
