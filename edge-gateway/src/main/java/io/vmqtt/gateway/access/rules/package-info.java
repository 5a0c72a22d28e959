/** What clients may publish and subscribe, by rules: compiled, and asked. Pure. */
@NullMarked
package io.vmqtt.gateway.access.rules;

import org.jspecify.annotations.NullMarked;
