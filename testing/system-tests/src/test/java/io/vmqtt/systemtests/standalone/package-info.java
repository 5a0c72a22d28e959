/** One process with all roles, spoken to by clients that others wrote. */
@NullMarked
package io.vmqtt.systemtests.standalone;

import org.jspecify.annotations.NullMarked;
