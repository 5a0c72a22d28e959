/** How a registry is configured and put together. */
@NullMarked
package io.vmqtt.registry.config;

import org.jspecify.annotations.NullMarked;
