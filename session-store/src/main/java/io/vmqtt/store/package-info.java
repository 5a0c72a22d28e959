/**
 * The session store: keeps persistent sessions and retained messages in replicated shards.
 *
 * <p>Its beans are there in processes of this role alone: all roles share one class path.
 */
@Configuration
@Requires(property = RoleProcess.ROLE, value = "session-store")
@NullMarked
package io.vmqtt.store;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import io.vmqtt.cluster.process.RoleProcess;
import org.jspecify.annotations.NullMarked;
