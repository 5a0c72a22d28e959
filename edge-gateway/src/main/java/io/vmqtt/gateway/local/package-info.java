/** The transient sessions of this gateway. */
@NullMarked
package io.vmqtt.gateway.local;

import org.jspecify.annotations.NullMarked;
