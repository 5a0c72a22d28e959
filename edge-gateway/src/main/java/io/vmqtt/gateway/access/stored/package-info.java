/** Users the hashes of whose passwords somebody outside keeps. Pure. */
@NullMarked
package io.vmqtt.gateway.access.stored;

import org.jspecify.annotations.NullMarked;
