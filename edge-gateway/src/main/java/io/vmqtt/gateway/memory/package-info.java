/** What waits towards clients, in bytes, and how much of it may. Pure. */
@NullMarked
package io.vmqtt.gateway.memory;

import org.jspecify.annotations.NullMarked;
