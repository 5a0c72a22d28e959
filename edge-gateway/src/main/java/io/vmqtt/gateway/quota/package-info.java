/** What each namespace uses of this gateway, and how much of it it may. Pure. */
@NullMarked
package io.vmqtt.gateway.quota;

import org.jspecify.annotations.NullMarked;
