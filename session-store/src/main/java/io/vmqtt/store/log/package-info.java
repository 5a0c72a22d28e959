/**
 * What a shard needs of whatever makes its entries safe, and what that needs of a shard. Ways to
 * replicate are siblings behind it.
 */
@NullMarked
package io.vmqtt.store.log;

import org.jspecify.annotations.NullMarked;
