/** What an operator can set. */
@NullMarked
package io.vmqtt.gateway.config;

import org.jspecify.annotations.NullMarked;
