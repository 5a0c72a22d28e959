/**
 * All roles of V-MQTT in one process, and the command line of every process.
 *
 * <p>Its beans are there in processes of all roles alone: those of one share the class path.
 */
@Configuration
@Requires(property = RoleProcess.ROLE, value = "standalone")
@NullMarked
package io.vmqtt.standalone;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import io.vmqtt.cluster.process.RoleProcess;
import org.jspecify.annotations.NullMarked;
