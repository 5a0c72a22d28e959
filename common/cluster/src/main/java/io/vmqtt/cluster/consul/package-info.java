/** How a process talks to Consul: short questions, watches, and knowing whether it answers. */
@NullMarked
package io.vmqtt.cluster.consul;

import org.jspecify.annotations.NullMarked;
