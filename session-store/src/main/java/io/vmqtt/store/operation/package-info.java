/** What operators can ask of a store. */
@NullMarked
package io.vmqtt.store.operation;

import org.jspecify.annotations.NullMarked;
