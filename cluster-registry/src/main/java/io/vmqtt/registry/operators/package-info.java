/** Operators in a file, and the first of them. */
@NullMarked
package io.vmqtt.registry.operators;

import org.jspecify.annotations.NullMarked;
