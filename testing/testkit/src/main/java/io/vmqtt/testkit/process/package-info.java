/** The broker as real processes that a test may stop, kill and start again. */
@NullMarked
package io.vmqtt.testkit.process;

import org.jspecify.annotations.NullMarked;
