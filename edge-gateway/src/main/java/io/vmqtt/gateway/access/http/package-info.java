/** Users whom somebody knows who is asked by HTTP. Pure. */
@NullMarked
package io.vmqtt.gateway.access.http;

import org.jspecify.annotations.NullMarked;
