/**
 * Asking somebody outside of this process who a client is: bounded in number and time, and not
 * while nobody answers there. Pure.
 */
@NullMarked
package io.vmqtt.gateway.access.outside;

import org.jspecify.annotations.NullMarked;
