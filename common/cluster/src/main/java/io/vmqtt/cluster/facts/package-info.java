/**
 * What holds for the whole cluster and outlives every process of it, in Consul or in one process.
 */
@NullMarked
package io.vmqtt.cluster.facts;

import org.jspecify.annotations.NullMarked;
