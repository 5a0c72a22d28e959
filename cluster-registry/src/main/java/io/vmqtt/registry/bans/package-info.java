/** Whom operators ban, on its way to the whole cluster. */
@NullMarked
package io.vmqtt.registry.bans;

import org.jspecify.annotations.NullMarked;
