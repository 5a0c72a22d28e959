/** An extension to copy. */
@NullMarked
package io.vmqtt.example.keys;

import org.jspecify.annotations.NullMarked;
