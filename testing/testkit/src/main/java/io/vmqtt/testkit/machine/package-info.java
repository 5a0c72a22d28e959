/** The machine that the tests run on, and what can be done to it. */
@NullMarked
package io.vmqtt.testkit.machine;

import org.jspecify.annotations.NullMarked;
