/** Single messages as traces of OpenTelemetry. */
@NullMarked
package io.vmqtt.gateway.spans;

import org.jspecify.annotations.NullMarked;
