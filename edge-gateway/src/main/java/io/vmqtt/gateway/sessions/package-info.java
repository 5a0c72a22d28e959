/** The sessions that connections of this gateway own, and their talk with their shards. */
@NullMarked
package io.vmqtt.gateway.sessions;

import org.jspecify.annotations.NullMarked;
