/**
 * What a jar brings that says who comes in to V-MQTT, and what each may do.
 *
 * <p>An {@link io.vmqtt.extension.Extension} is found by {@link java.util.ServiceLoader}. It
 * depends on nothing of the broker but this package.
 */
@NullMarked
package io.vmqtt.extension;

import org.jspecify.annotations.NullMarked;
