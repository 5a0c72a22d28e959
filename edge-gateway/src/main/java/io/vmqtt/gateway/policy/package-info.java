/** What messages need of the cluster, by their namespaces and topics. */
@NullMarked
package io.vmqtt.gateway.policy;

import org.jspecify.annotations.NullMarked;
