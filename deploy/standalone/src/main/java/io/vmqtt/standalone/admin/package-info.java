/** {@code vmqtt admin}: the command line over the registry's API. */
@NullMarked
package io.vmqtt.standalone.admin;

import org.jspecify.annotations.NullMarked;
