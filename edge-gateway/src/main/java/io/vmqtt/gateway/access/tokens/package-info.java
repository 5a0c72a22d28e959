/** Users by tokens that somebody else has signed. Pure. */
@NullMarked
package io.vmqtt.gateway.access.tokens;

import org.jspecify.annotations.NullMarked;
