/** Which stores hold which shards, decided once. */
@NullMarked
package io.vmqtt.registry.placement;

import org.jspecify.annotations.NullMarked;
