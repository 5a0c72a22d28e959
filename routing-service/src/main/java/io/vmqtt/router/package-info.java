/**
 * The routing service: knows which gateway wants which topic and fans messages out.
 *
 * <p>Its beans are there in processes of this role alone: all roles share one class path.
 */
@Configuration
@Requires(property = RoleProcess.ROLE, value = "routing-service")
@NullMarked
package io.vmqtt.router;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import io.vmqtt.cluster.process.RoleProcess;
import org.jspecify.annotations.NullMarked;
