/** Clients that others wrote, tried by what they send. */
@NullMarked
package io.vmqtt.systemtests.foreign;

import org.jspecify.annotations.NullMarked;
