/** Retained messages of a shard, read page by page. */
@NullMarked
package io.vmqtt.store.retained;

import org.jspecify.annotations.NullMarked;
