/** Which origins want which topics. */
@NullMarked
package io.vmqtt.router.routes;

import org.jspecify.annotations.NullMarked;
