/** The PROXY protocol: what a proxy says of the client behind it. */
@NullMarked
package io.vmqtt.gateway.proxy;

import org.jspecify.annotations.NullMarked;
