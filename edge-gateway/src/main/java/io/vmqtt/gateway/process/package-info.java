/**
 * The gateway as a process of a cluster.
 *
 * <p>Its beans are there in processes of this role alone: all roles share one class path.
 */
@Configuration
@Requires(property = RoleProcess.ROLE, value = "edge-gateway")
@NullMarked
package io.vmqtt.gateway.process;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import io.vmqtt.cluster.process.RoleProcess;
import org.jspecify.annotations.NullMarked;
