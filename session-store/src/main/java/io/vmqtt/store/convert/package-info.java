/** From one kind of logs to the other, for a store that does not run. */
@NullMarked
package io.vmqtt.store.convert;

import org.jspecify.annotations.NullMarked;
