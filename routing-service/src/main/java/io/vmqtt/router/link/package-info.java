/** Links to gateways and stores, and the router between them. */
@NullMarked
package io.vmqtt.router.link;

import org.jspecify.annotations.NullMarked;
