/**
 * What only the leader of a shard does: answers, routes, pushes, its own publishes (wills, what
 * ended sessions left), and the shard's ends of links to routers.
 */
@NullMarked
package io.vmqtt.store.leading;

import org.jspecify.annotations.NullMarked;
