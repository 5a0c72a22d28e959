/** Where things listen, and a network that can be broken. */
@NullMarked
package io.vmqtt.testkit.net;

import org.jspecify.annotations.NullMarked;
