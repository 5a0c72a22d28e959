/** Time that moves only when a test says so. */
@NullMarked
package io.vmqtt.testkit.time;

import org.jspecify.annotations.NullMarked;
