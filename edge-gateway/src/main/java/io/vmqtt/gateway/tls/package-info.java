/** TLS on the channels of clients: certificates, handshakes, and the head of such a pipeline. */
@NullMarked
package io.vmqtt.gateway.tls;

import org.jspecify.annotations.NullMarked;
