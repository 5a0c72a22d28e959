/** The router as a process of a cluster. */
@NullMarked
package io.vmqtt.router.process;

import org.jspecify.annotations.NullMarked;
