/** Who a client is, and what it may do. Pure: what asks elsewhere implements {@link Access}. */
@NullMarked
package io.vmqtt.gateway.access;

import org.jspecify.annotations.NullMarked;
