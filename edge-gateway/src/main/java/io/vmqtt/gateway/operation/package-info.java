/** What operators can ask of a gateway. */
@NullMarked
package io.vmqtt.gateway.operation;

import org.jspecify.annotations.NullMarked;
