/** Real processes by role that find one another through a real Consul. */
@NullMarked
package io.vmqtt.systemtests.cluster;

import org.jspecify.annotations.NullMarked;
