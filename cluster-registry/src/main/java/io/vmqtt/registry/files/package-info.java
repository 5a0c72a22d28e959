/** Files in which operators say what is to hold for the whole cluster. */
@NullMarked
package io.vmqtt.registry.files;

import org.jspecify.annotations.NullMarked;
