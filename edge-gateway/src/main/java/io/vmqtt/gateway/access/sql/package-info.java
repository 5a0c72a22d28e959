/** Users in a database that speaks SQL. Pure. */
@NullMarked
package io.vmqtt.gateway.access.sql;

import org.jspecify.annotations.NullMarked;
