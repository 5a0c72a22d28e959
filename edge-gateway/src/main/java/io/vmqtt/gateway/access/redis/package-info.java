/** Users in Redis. Pure. */
@NullMarked
package io.vmqtt.gateway.access.redis;

import org.jspecify.annotations.NullMarked;
