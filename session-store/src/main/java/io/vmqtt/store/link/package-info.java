/** The service that routers call: hands frames to shards. */
@NullMarked
package io.vmqtt.store.link;

import org.jspecify.annotations.NullMarked;
