/** What a process of any role needs to start as a member of a cluster with Consul. */
@NullMarked
package io.vmqtt.cluster.node;

import org.jspecify.annotations.NullMarked;
