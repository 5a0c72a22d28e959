/** Who may look at the cluster, and who may change something: people and their programs. */
@NullMarked
package io.vmqtt.cluster.operators;

import org.jspecify.annotations.NullMarked;
