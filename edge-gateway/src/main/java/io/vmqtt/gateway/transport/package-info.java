/** Sockets and the encoding of packets. */
@NullMarked
package io.vmqtt.gateway.transport;

import org.jspecify.annotations.NullMarked;
