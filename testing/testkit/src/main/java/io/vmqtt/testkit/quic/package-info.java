/** Clients of QUIC that others wrote. */
@NullMarked
package io.vmqtt.testkit.quic;

import org.jspecify.annotations.NullMarked;
