/** The store as a process of a cluster. */
@NullMarked
package io.vmqtt.store.process;

import org.jspecify.annotations.NullMarked;
