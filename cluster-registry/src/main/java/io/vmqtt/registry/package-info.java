/**
 * The cluster registry: who is a member, what lives where, and how all of it is doing.
 *
 * <p>Its beans are there in processes of this role, and where all roles are in one: all share one
 * class path.
 */
@Configuration
@Requires(property = RoleProcess.ROLE, pattern = "cluster-registry|standalone")
@NullMarked
package io.vmqtt.registry;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import io.vmqtt.cluster.process.RoleProcess;
import org.jspecify.annotations.NullMarked;
