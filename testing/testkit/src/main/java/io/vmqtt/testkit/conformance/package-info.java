/** Which statements of the MQTT standards which tests hold, and {@code docs/conformance.md}. */
@NullMarked
package io.vmqtt.testkit.conformance;

import org.jspecify.annotations.NullMarked;
