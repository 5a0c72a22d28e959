/** Links to routers, and what travels on them. */
@NullMarked
package io.vmqtt.gateway.link;

import org.jspecify.annotations.NullMarked;
