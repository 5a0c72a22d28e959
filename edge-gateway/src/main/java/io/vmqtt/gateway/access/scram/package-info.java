/** SCRAM (RFC 5802, 7677), the side of the server. Pure. */
@NullMarked
package io.vmqtt.gateway.access.scram;

import org.jspecify.annotations.NullMarked;
