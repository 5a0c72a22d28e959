/** A real Consul for tests. */
@NullMarked
package io.vmqtt.testkit.consul;

import org.jspecify.annotations.NullMarked;
