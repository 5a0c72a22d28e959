/** What passes between clients and brokers, written down, and who is to blame for it. */
@NullMarked
package io.vmqtt.testkit.capture;

import org.jspecify.annotations.NullMarked;
