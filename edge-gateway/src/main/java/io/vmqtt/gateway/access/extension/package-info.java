/** Users whom an extension knows, and what it says that they may do. Pure. */
@NullMarked
package io.vmqtt.gateway.access.extension;

import org.jspecify.annotations.NullMarked;
