/** The routing service: knows which gateway wants which topic and fans messages out. */
@NullMarked
package io.vmqtt.router;

import org.jspecify.annotations.NullMarked;
