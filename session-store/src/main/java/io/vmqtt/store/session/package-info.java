/**
 * The rules of a shard: sessions, subscriptions, queues and wills as a deterministic state machine.
 * Pure: no wire format, no storage, no clock.
 */
@NullMarked
package io.vmqtt.store.session;

import org.jspecify.annotations.NullMarked;
