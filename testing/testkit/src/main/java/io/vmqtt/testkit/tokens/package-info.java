/** Issuers of signed tokens. */
@NullMarked
package io.vmqtt.testkit.tokens;

import org.jspecify.annotations.NullMarked;
