/** What lies where: keys on shards, shards on stores, topics on routers. */
@NullMarked
package io.vmqtt.cluster.placement;

import org.jspecify.annotations.NullMarked;
