/** What an operator can set. */
@NullMarked
package io.vmqtt.store.config;

import org.jspecify.annotations.NullMarked;
