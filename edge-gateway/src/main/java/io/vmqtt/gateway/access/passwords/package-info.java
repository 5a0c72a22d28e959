/** Users and their passwords in a file. Pure. */
@NullMarked
package io.vmqtt.gateway.access.passwords;

import org.jspecify.annotations.NullMarked;
