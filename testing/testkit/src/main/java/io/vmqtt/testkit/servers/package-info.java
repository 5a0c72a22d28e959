/** Servers that others wrote and that know users: real ones, each for the test that starts it. */
@NullMarked
package io.vmqtt.testkit.servers;

import org.jspecify.annotations.NullMarked;
