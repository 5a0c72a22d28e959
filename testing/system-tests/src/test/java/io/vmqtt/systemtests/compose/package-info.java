/** The cluster that {@code deploy/compose} brings up, seen from outside. */
@NullMarked
package io.vmqtt.systemtests.compose;

import org.jspecify.annotations.NullMarked;
