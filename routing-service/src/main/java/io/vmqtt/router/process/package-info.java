/**
 * The router in its process.
 *
 * <p>Its beans are there in processes of this role, and where all roles are in one: all share one
 * class path.
 */
@Configuration
@Requires(property = RoleProcess.ROLE, pattern = "routing-service|standalone")
@NullMarked
package io.vmqtt.router.process;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import io.vmqtt.cluster.process.RoleProcess;
import org.jspecify.annotations.NullMarked;
