/** What can be read of a folder that a store cannot start with. */
@NullMarked
package io.vmqtt.store.salvage;

import org.jspecify.annotations.NullMarked;
