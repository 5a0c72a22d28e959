/** What was sent, acknowledged and received, and the promises that a history must keep. */
@NullMarked
package io.vmqtt.testkit.history;

import org.jspecify.annotations.NullMarked;
