/** Inputs that nobody should send, made from those that somebody may. */
@NullMarked
package io.vmqtt.testkit.fuzz;

import org.jspecify.annotations.NullMarked;
